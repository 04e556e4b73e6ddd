import { Dialog } from '@base-ui/react/dialog'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import clsx from 'clsx'
import { ArrowLeftRight, GitMerge, X } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { DialogRoot } from '@/components/ui/dialog'
import { Kbd } from '@/components/ui/kbd'
import { mergeTickets } from '@/desk/ticket-acts'
import { ticketQuery } from '@/desk/tickets'
import { keepClear } from '@/lib/keep-clear'
import { Candidates } from './candidates'
import { MergePreview } from './merge-preview'
import { t } from './messages'
import { previewQuery } from './queries'

interface Options {
  /** The ticket that stays, until somebody swaps. */
  into: number
  /** Chosen already, as in the queue. */
  tickets?: number[]
  onClose: () => void
  /** `into`: the one that stays. */
  onMerged: (into: number) => void
  onLink?: (() => void) | undefined
}

/** Merges tickets that are about the same thing, after one has seen what becomes of them. */
export function MergeDialog({ open, ...options }: Options & { open: boolean }) {
  return (
    <DialogRoot open={open} onClose={options.onClose}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-scrim" />
        <Dialog.Popup className="fixed inset-0 z-50 m-auto flex h-[min(744px,calc(100dvh-48px))] w-[min(1040px,calc(100vw-48px))] flex-col overflow-hidden rounded-xl border border-line bg-raised shadow-2xl outline-none max-md:h-dvh max-md:w-screen max-md:rounded-none max-md:border-0">
          <Merge {...options} />
        </Dialog.Popup>
      </Dialog.Portal>
    </DialogRoot>
  )
}

function Merge({ into: first, tickets = [], onClose, onMerged, onLink }: Options) {
  const [into, setInto] = useState(first)
  const [picked, setPicked] = useState(tickets)
  // Where there is no room for both: first what is chosen, then what becomes of it.
  const [step, setStep] = useState<'choose' | 'see'>('choose')
  const { data: ticket } = useQuery(ticketQuery(into))
  const preview = useQuery(previewQuery(into, picked))
  const client = useQueryClient()
  const ready = picked.length > 0 && preview.isSuccess && !preview.isPlaceholderData
  const run = () => {
    if (!ready) return
    void mergeTickets(client, { into, tickets: picked })
    onMerged(into)
  }
  const toggle = (id: number) =>
    setPicked((now) => (now.includes(id) ? now.filter((each) => each !== id) : [...now, id]))
  const swap = () => {
    const [only] = picked
    if (only === undefined) return
    setInto(only)
    setPicked([into])
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: one key for the whole dialog
    <div
      className="flex min-h-0 flex-1 flex-col"
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey)) return
        event.preventDefault()
        run()
      }}
    >
      <header className="flex min-h-14 items-center gap-3 border-b border-line ps-5 pe-3 max-md:ps-3">
        <Dialog.Title className="shrink-0 text-[16px] font-semibold">{t.title(into)}</Dialog.Title>
        <span dir="auto" className="min-w-0 flex-1 truncate text-dim">
          {ticket?.subject}
        </span>
        <Button
          className="text-dim max-md:h-11"
          disabled={picked.length !== 1}
          title={picked.length === 1 ? undefined : t.swapHint}
          aria-label={t.swap}
          onClick={swap}
        >
          <ArrowLeftRight size={15} aria-hidden /> <span className="max-[699px]:hidden">{t.swap}</span>
        </Button>
        <Dialog.Close
          className="grid size-8 place-items-center rounded-md hover:bg-hover max-md:size-11"
          aria-label={t.close}
        >
          <X size={17} />
        </Dialog.Close>
      </header>
      <div className="flex min-h-0 flex-1">
        <div
          className={clsx(
            'flex w-[405px] shrink-0 flex-col border-e border-line max-[899px]:w-full max-[899px]:border-0',
            step === 'see' && 'max-[899px]:hidden',
          )}
        >
          {ticket && <Candidates key={into} into={ticket} picked={picked} onPick={toggle} onLink={onLink} />}
        </div>
        <div className={clsx('flex min-w-0 flex-1 flex-col', step === 'choose' && 'max-[899px]:hidden')}>
          <MergePreview into={into} tickets={picked} />
        </div>
      </div>
      <footer
        ref={keepClear}
        className="flex flex-wrap items-center gap-2 border-t border-line px-5 py-2.5 max-md:px-3"
      >
        <span className="min-w-0 flex-1 basis-40 text-[12px] text-dim">{t.stay}</span>
        <span className="ms-auto flex max-w-full flex-wrap justify-end gap-2">
          <Button variant="chip" className="max-md:h-11" onClick={onClose}>
            {t.cancel}
          </Button>
          {step === 'see' ? (
            <Button variant="chip" className="max-md:h-11 min-[900px]:hidden" onClick={() => setStep('choose')}>
              {t.back}
            </Button>
          ) : (
            <Button
              variant="primary"
              className="max-md:h-11 min-[900px]:hidden"
              disabled={!picked.length}
              onClick={() => setStep('see')}
            >
              {t.next}
            </Button>
          )}
          <Button
            variant="primary"
            className={clsx('max-md:h-11', step === 'choose' && 'max-[899px]:hidden')}
            disabled={!ready}
            onClick={run}
          >
            <GitMerge size={15} aria-hidden /> {t.merge(picked.length)}
            <span className="max-md:hidden">
              <Kbd>{/Mac/.test(navigator.platform) ? '⌘↵' : 'Ctrl ↵'}</Kbd>
            </span>
          </Button>
        </span>
      </footer>
    </div>
  )
}
