import { useQuery } from '@tanstack/react-query'
import { Braces } from 'lucide-react'
import type { RefObject } from 'react'
import { Picker } from '@/components/picker/picker'
import { customFieldsQuery } from '@/desk/config'
import { t } from './messages'

/** A button that puts a placeholder at the cursor of a text, in place of what is selected there. */
export function InsertPlaceholder({ text }: { text: RefObject<HTMLTextAreaElement | null> }) {
  const fields = useQuery(customFieldsQuery)
  const options = [
    ...Object.entries(t.names).map(([key, label]) => ({ key, label, hint: key })),
    ...(fields.data?.items ?? [])
      .filter(({ active }) => active)
      .map(({ key, label }) => ({ key: `ticket.custom.${key}`, label, hint: `ticket.custom.${key}` })),
  ]
  const insert = (name: string) => {
    const field = text.current
    if (!field) return
    field.setRangeText(`{{${name}}}`, field.selectionStart, field.selectionEnd, 'end')
    // For the form, which keeps what is typed.
    field.dispatchEvent(new Event('input', { bubbles: true }))
    requestAnimationFrame(() => field.focus())
  }
  return (
    <Picker
      label={t.insert}
      wide
      trigger={
        <button
          type="button"
          className="mt-1 flex h-8 items-center gap-1 rounded-md border border-check bg-raised px-2 text-dim hover:bg-hover data-popup-open:bg-hover max-md:h-11"
        >
          <Braces size={14} aria-hidden /> {t.insert}
        </button>
      }
      options={options}
      reads={[fields]}
      onPick={({ key }) => insert(key)}
    />
  )
}
