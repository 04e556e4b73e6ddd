import { BOX, CONTROL, Field } from '@/components/ui/field'
import type { Macro } from '@/desk/macros'
import { problemAt } from '@/lib/api/client'
import { t } from './messages'

/** What a macro of one's own says: for one that is new, and for one that is there. */
export const MacroFields = ({ error, macro }: { error: Error | null; macro?: Macro }) => (
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
    <Field label={t.newMacro.text} hint={t.newMacro.hint} problem={problemAt(error, 'body_text')}>
      {(props) => (
        <textarea
          {...props}
          name="text"
          rows={6}
          dir="auto"
          defaultValue={macro?.body_text ?? ''}
          className={`${CONTROL} py-1.5`}
        />
      )}
    </Field>
  </>
)
