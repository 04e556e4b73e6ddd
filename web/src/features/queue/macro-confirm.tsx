import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { Button } from '@/components/ui/button'
import { BLANK } from '@/desk/editor/blank'
import type { Macro } from '@/desk/macros'
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
  const text = data?.message?.body_text
  const blanks = text?.match(BLANK)?.length ?? 0
  const why =
    error &&
    (problemsOf(error)
      .map(({ message }) => message)
      .join(', ') ||
      error.message)
  const read = first === undefined || data !== undefined || (error !== null && aim.count > 1)
  const ready = read && blanks === 0
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => box.current?.focus(), [])
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Enter confirms what is read here, as the button does
    <div
      ref={box}
      tabIndex={-1}
      className="flex min-h-0 flex-col gap-3 p-3 outline-none"
      onKeyDown={(event) => {
        if (event.key === 'Enter' && event.target === box.current && ready) onConfirm()
      }}
    >
      <p>
        <strong className="block font-semibold">{t.macro.sends(macro.name, aim.count)}</strong>
        <span className="text-dim">{t.macro.final}</span>
      </p>
      <div aria-live="polite" className="min-h-12 overflow-auto rounded-md border border-line bg-canvas px-3 py-2">
        {text !== undefined && first && (
          <>
            {aim.count > 1 && <p className="mb-1 text-[12px] text-dim">{t.macro.asFor(first.id)}</p>}
            <p dir="auto" className="whitespace-pre-wrap [overflow-wrap:anywhere]">
              {text}
            </p>
          </>
        )}
        {data && !text && <p className="text-dim">{t.macro.noText}</p>}
        {why && <p className="text-danger-ink">{why}</p>}
      </div>
      {blanks > 0 && (
        <p role="alert" className="rounded-md bg-amber-soft px-3 py-2 text-amber-ink">
          {t.macro.blanks(blanks)}
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
