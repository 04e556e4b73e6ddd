import { X } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { useOpenTicket } from '../ticket-context'
import { useValueWords } from '../value-words'
import { t } from './messages'

/** What the API refused, for fields that show it nowhere else on this screen. */
export function Refusals({ shownElsewhere }: { shownElsewhere: (path: string) => boolean }) {
  const { refusals, dismiss } = useOpenTicket()
  const words = useValueWords()
  const rest = Object.entries(refusals).filter(([path]) => !shownElsewhere(path))
  if (!rest.length) return null
  return (
    <ul role="alert" className="shrink-0 border-b border-line bg-danger-soft px-4 py-1.5 text-danger-ink">
      {rest.map(([path, { message, value, again }]) => (
        <li key={path} className="flex items-center gap-2">
          <span dir="auto" className="min-w-0 flex-1 [overflow-wrap:anywhere]">
            {again
              ? t.refused.notSet(words.label(path), words.value(path, value), message)
              : t.refused.other(words.label(path), message)}
          </span>
          {again && (
            <Button className="max-md:h-11" onClick={again}>
              {t.refused.again}
            </Button>
          )}
          <button
            type="button"
            className="grid size-6 shrink-0 place-items-center rounded hover:bg-hover max-md:size-11"
            aria-label={t.refused.dismiss}
            onClick={() => dismiss(path)}
          >
            <X size={14} />
          </button>
        </li>
      ))}
    </ul>
  )
}
