import { useQuery } from '@tanstack/react-query'
import { useRef } from 'react'
import { BOX, CONTROL, Field } from '@/components/ui/field'
import { customFieldsQuery } from '@/desk/config'
import type { Macro } from '@/desk/macros'
import { meQuery } from '@/desk/me'
import type { Ticket } from '@/desk/tickets'
import { problemAt, problemsOf } from '@/lib/api/client'
import { MacroActionFields } from './macro-action-fields'
import { changesOf, type Row } from './macro-actions'
import { agentsByAddressQuery } from './macro-agents'
import { Changes } from './macro-preview'
import { wordsOf } from './macros'
import { t } from './messages'
import { InsertPlaceholder } from './placeholders/insert-placeholder'

/** The paths whose problems stand beside their fields. */
export const isShown = (path: string) => /^(name$|body_text(\[\d+\])?$|actions\[\d+\])/.test(path)

/** What a macro of one's own says and changes: for one that is new, and for one that is there. */
export function MacroFields({
  error,
  macro,
  ticket,
  rows,
  onRows,
}: {
  error: Error | null
  macro?: Macro
  /** On which it is tried. */
  ticket: Ticket
  rows: Row[]
  onRows: (rows: Row[]) => void
}) {
  const { data: me } = useQuery(meQuery)
  const { data: fields } = useQuery(customFieldsQuery)
  const { data: agents } = useQuery(agentsByAddressQuery)
  const text = useRef<HTMLTextAreaElement>(null)
  const changes = changesOf(rows, ticket, fields?.items ?? [], {
    me: me?.name,
    agent: (email) => agents?.find((each) => each.email === email)?.name,
  })
  /** Of a template the place is told by its character, of an action by its key. */
  const at = (start: string) =>
    problemsOf(error).find(({ path }) => path.split(/(?<=\])\.|\[(?=\d+\]$)/)[0] === start)?.message
  return (
    <>
      <Field label={t.newMacro.name} problem={problemAt(error, 'name')}>
        {(props) => (
          <input {...props} name="name" autoComplete="off" dir="auto" defaultValue={macro?.name} className={BOX} />
        )}
      </Field>
      <Field label={t.newMacro.kind}>
        {(props) => (
          <select {...props} name="kind" defaultValue={macro?.message_kind ?? 'reply'} className={BOX}>
            <option value="reply">{t.reply}</option>
            <option value="note">{t.note}</option>
          </select>
        )}
      </Field>
      <Field label={t.newMacro.text} hint={t.newMacro.hint} problem={at('body_text')}>
        {(props) => (
          <textarea
            {...props}
            ref={text}
            name="text"
            rows={5}
            dir="auto"
            defaultValue={macro ? wordsOf(macro) : ''}
            className={`${CONTROL} py-1.5`}
          />
        )}
      </Field>
      <InsertPlaceholder text={text} />
      <MacroActionFields rows={rows} onChange={onRows} problemAt={(row) => at(`actions[${row}]`)} />
      {rows.length > 0 && (
        <section aria-label={t.newMacro.tried(ticket.id)} aria-live="polite" className="rounded-md bg-panel px-3 py-2">
          <p className="mb-1 text-[12px] text-dim">{t.newMacro.tried(ticket.id)}</p>
          <Changes changes={changes} />
        </section>
      )}
    </>
  )
}
