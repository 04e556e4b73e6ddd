import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { Button } from '@/components/ui/button'
import type { Macro } from '@/desk/macros'
import { useProblemWords } from '@/desk/problem-words'
import { api, problemsOf, unwrap } from '@/lib/api/client'
import type { Aim } from './acts'
import { t } from './messages'

/** A macro that writes to customers is read before it does: what it has sent cannot be taken back. */
export function MacroConfirm({
  macro,
  aim,
  onCancel,
  onConfirm,
}: {
  macro: Macro
  aim: Aim
  onCancel: () => void
  onConfirm: () => void
}) {
  const [first] = aim.rows
  const words = useProblemWords()
  // As it reads for the first: the desk tries it out, and changes nothing.
  const { data, error } = useQuery({
    queryKey: ['tickets', first?.id, 'macro-text', macro.id],
    enabled: first !== undefined,
    gcTime: 0,
    retry: false,
    queryFn: ({ signal }) =>
      unwrap(
        api.POST('/api/tickets/{id}/macros/{macro_id}/preview', {
          params: { path: { id: first?.id ?? 0, macro_id: macro.id } },
          body: {},
          signal,
        }),
      ),
  })
  const many = aim.count > 1
  const text = data?.message?.body_text
  const blanks = data?.blanks ?? []
  const why = error && (problemsOf(error).map(words.problem).join(', ') || error.message)
  // Of many, the desk leaves out those where it cannot be applied, and says why.
  const ready = many
    ? first === undefined || data !== undefined || error !== null
    : data !== undefined && !blanks.length
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => box.current?.focus(), [])
  return (
    <div className="flex min-h-0 flex-col gap-3 p-3">
      <p id="macro-sends">
        <strong className="block font-semibold">{t.macro.sends(macro.name, aim.count)}</strong>
        <span className="text-dim">{t.macro.final}</span>
      </p>
      <div
        ref={box}
        // Read by its keys when it is long; Enter confirms it, as the button does.
        tabIndex={0}
        role="document"
        aria-label={t.macro.text}
        aria-describedby="macro-sends"
        aria-live="polite"
        className="min-h-12 overflow-auto rounded-md border border-line bg-canvas px-3 py-2 outline-none focus-visible:border-accent"
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return
          // It would open the ticket as well, once this is closed.
          event.preventDefault()
          // Not by the key that chose the macro, still held down.
          if (!event.repeat && ready) onConfirm()
        }}
      >
        {text !== undefined && first && (
          <>
            {many && <p className="mb-1 text-[12px] text-dim">{t.macro.asFor(first.id)}</p>}
            <p dir="auto" className="text-start whitespace-pre-wrap [overflow-wrap:anywhere]">
              {text}
            </p>
          </>
        )}
        {data && !text && <p className="text-dim">{t.macro.noText}</p>}
        {why && <p className="text-danger-ink">{why}</p>}
      </div>
      {blanks.length > 0 && (
        <p role="alert" className="rounded-md bg-amber-soft px-3 py-2 text-amber-ink [overflow-wrap:anywhere]">
          {many ? t.macro.setAside : t.macro.blanks(blanks.map(words.text))}
        </p>
      )}
      <div className="flex justify-end gap-2">
        <Button variant="chip" onClick={onCancel}>
          {t.act.cancel}
        </Button>
        <Button variant="primary" disabled={!ready} onClick={onConfirm}>
          {t.macro.send(aim.count)}
        </Button>
      </div>
    </div>
  )
}
