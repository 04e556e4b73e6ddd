/** A custom field that is edited where it stands: what is refused stays in it until it is corrected or discarded. */
import { X } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { CustomFieldControl } from './custom-field-control'
import { type AnyField, parseTyped, textOf } from './fields/custom-field'
import { t } from './fields/messages'

const BOX =
  'min-h-6 w-full rounded border border-transparent bg-transparent px-1.5 placeholder:text-dim hover:border-line focus:border-accent focus:bg-canvas [&:is(select)]:appearance-none aria-invalid:border-danger aria-invalid:bg-canvas max-md:min-h-11 max-md:text-[16px]'

const isNothing = (value: unknown) => value === undefined || value === null || value === ''

export interface Refused {
  message: string
  /** What was refused, where it is known. */
  value?: unknown
  /** All that is to be said, in place of the message alone. */
  text?: string
  /** Nothing is wrong with the value: sends it again. */
  again?: () => void
}

export function InlineCustomField({
  field,
  id,
  value: saved,
  refusal,
  onBegin,
  onSave,
  onDismiss,
}: {
  field: AnyField
  /** Of the control; its label has the id `<id>-label`. */
  id: string
  value: unknown
  refusal: Refused | undefined
  /** Somebody begins to type. */
  onBegin?: () => void
  onSave: (value: unknown) => void
  onDismiss: () => void
}) {
  const [draft, setDraft] = useState<string | null>(null)
  const value = refusal && refusal.value !== undefined ? refusal.value : saved
  return (
    <>
      <CustomFieldControl
        field={field}
        id={id}
        value={value}
        message={refusal?.message}
        className={isNothing(value) ? `${BOX} text-dim` : BOX}
        onChange={onSave}
        text={{
          draft,
          onText: (text) => {
            if (draft === null) onBegin?.()
            setDraft(text)
          },
          onCancel: () => {
            setDraft(null)
            onDismiss()
          },
          onLeave: () => {
            const typed = draft?.trim()
            setDraft(null)
            if (typed !== undefined && typed !== textOf(value)) onSave(parseTyped(field, typed))
          },
        }}
      />
      {refusal && (
        <span
          id={`${id}-error`}
          role="alert"
          className="flex items-start gap-1 px-1.5 text-[12px] leading-4 text-danger"
        >
          <span dir="auto" className="min-w-0 flex-1 py-1 [overflow-wrap:anywhere]">
            {refusal.text ?? t.problem(field.label, refusal.message)}
            {/* Below it: the column is narrow. */}
            {refusal.again && (
              <span className="block">
                <Button className="-ms-2 max-md:h-11" onClick={refusal.again}>
                  {t.again}
                </Button>
              </span>
            )}
          </span>
          <button
            type="button"
            className="grid size-6 shrink-0 place-items-center rounded hover:bg-hover max-md:size-11"
            aria-label={t.discard}
            title={t.discard}
            onClick={onDismiss}
          >
            <X size={13} />
          </button>
        </span>
      )}
    </>
  )
}
