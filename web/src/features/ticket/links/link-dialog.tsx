import { useQuery } from '@tanstack/react-query'
import clsx from 'clsx'
import { Search } from 'lucide-react'
import { type KeyboardEvent, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Modal } from '@/components/ui/modal'
import { Told } from '@/components/ui/told'
import { type Choice, findTicketsQuery } from '@/desk/find-tickets'
import { type NewRelation, useCreateLink } from '@/desk/ticket-acts'
import { TicketChoice } from '@/desk/ticket-choice'
import type { Ticket } from '@/desk/tickets'
import { problemsOf } from '@/lib/api/client'
import { useDebounced } from '@/lib/use-debounced'
import { t } from './messages'

const RELATIONS = Object.keys(t.dialog.relations) as NewRelation[]

/** Links a ticket with another. `alike`: what is offered before anybody types. */
export function LinkDialog({
  open,
  onClose,
  ...rest
}: {
  open: boolean
  onClose: () => void
  ticket: Ticket
  alike: Choice[] | undefined
}) {
  return (
    <Modal open={open} onClose={onClose} title={t.dialog.title(rest.ticket.id)}>
      {open && <LinkForm onClose={onClose} {...rest} />}
    </Modal>
  )
}

function LinkForm({ ticket, alike, onClose }: { ticket: Ticket; alike: Choice[] | undefined; onClose: () => void }) {
  const [relation, setRelation] = useState<NewRelation>(ticket.type === 'problem' ? 'problem_of' : 'related')
  const [words, setWords] = useState('')
  const wanted = useDebounced(words.trim(), 200)
  const found = useQuery(findTicketsQuery(wanted))
  const [picked, setPicked] = useState<number | null>(null)
  const create = useCreateLink(ticket.id)
  const searching = wanted !== '' && words.trim() !== ''
  const offered = (searching ? (found.data ?? []) : (alike ?? [])).filter(({ id }) => id !== ticket.id)
  const chosen = offered.find(({ id }) => id === picked)
  const problems = problemsOf(create.error)
  // From the words on, the arrows go on to the tickets.
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key !== 'ArrowDown' && !(event.key === 'Enter' && !chosen)) return
    event.preventDefault()
    const first = event.currentTarget.form?.querySelector<HTMLInputElement>('input[name=other]')
    first?.focus()
    first?.click()
  }
  return (
    <form
      className="space-y-3"
      onSubmit={(event) => {
        event.preventDefault()
        if (chosen) create.mutate({ relation, other: chosen.id }, { onSuccess: onClose })
      }}
    >
      <fieldset>
        <legend className="mb-1 text-[12px] text-dim">{t.dialog.relation}</legend>
        <div className="flex flex-wrap gap-1">
          {RELATIONS.map((each) => (
            <label
              key={each}
              className={clsx(
                'flex h-7 cursor-pointer items-center rounded-md border px-2.5 has-focus-visible:outline-2 has-focus-visible:outline-accent max-md:h-11',
                each === relation
                  ? 'border-accent bg-accent-soft font-medium text-accent'
                  : 'border-line hover:bg-hover',
              )}
            >
              <input
                type="radio"
                name="relation"
                className="sr-only"
                checked={each === relation}
                onChange={() => setRelation(each)}
              />
              {t.dialog.relations[each as keyof typeof t.dialog.relations]}
            </label>
          ))}
        </div>
      </fieldset>
      {(relation === 'incident_of' || relation === 'problem_of') && (
        <p className="text-[12px] text-dim">{t.dialog.solves}</p>
      )}
      <span className="flex h-9 items-center gap-2 rounded-md border border-line bg-canvas px-2.5 focus-within:border-accent max-md:h-11">
        <Search size={15} aria-hidden className="shrink-0 text-dim" />
        <input
          // biome-ignore lint/a11y/noAutofocus: the dialog was opened to find a ticket
          autoFocus
          type="search"
          aria-label={t.dialog.find}
          placeholder={t.dialog.find}
          className="min-w-0 flex-1 bg-transparent outline-none placeholder:text-dim max-md:text-[16px]"
          value={words}
          onKeyDown={onKeyDown}
          onChange={(event) => setWords(event.target.value)}
        />
      </span>
      <fieldset className="max-h-[36vh] min-h-40 space-y-0.5 overflow-y-auto rounded-lg border border-line p-1">
        <legend className="sr-only">{searching ? t.dialog.found : t.dialog.alike}</legend>
        {searching && found.isSuccess && !found.isPlaceholderData && offered.length === 0 && (
          <p className="p-2 text-dim [overflow-wrap:anywhere]">{t.dialog.noneFound(wanted)}</p>
        )}
        {!searching && alike && offered.length === 0 && <p className="p-2 text-dim">{t.dialog.none}</p>}
        {offered.map((other) => (
          <label
            key={other.id}
            className={clsx(
              'flex cursor-pointer items-start gap-2.5 rounded-md p-2 has-focus-visible:outline-2 has-focus-visible:outline-accent',
              other.id === picked ? 'bg-accent-soft' : 'hover:bg-hover',
            )}
          >
            <input
              type="radio"
              name="other"
              aria-label={`#${other.id} ${other.subject}`}
              className="mt-1 size-4 shrink-0 accent-accent outline-none"
              checked={other.id === picked}
              onChange={() => {
                create.reset()
                setPicked(other.id)
              }}
            />
            <TicketChoice ticket={other} />
          </label>
        ))}
      </fieldset>
      {create.error && (
        <p role="alert" className="rounded-md bg-danger-soft px-3 py-2 [overflow-wrap:anywhere]">
          <Told text={problems.map(({ message }) => message).join(', ') || create.error.message} />
        </p>
      )}
      <div className="flex justify-end gap-2">
        <Button variant="chip" className="max-md:h-11" onClick={onClose}>
          {t.dialog.cancel}
        </Button>
        <Button type="submit" variant="primary" className="max-md:h-11" disabled={!chosen || create.isPending}>
          {chosen ? t.dialog.linkWith(chosen.id) : t.dialog.link}
        </Button>
      </div>
    </form>
  )
}
