import { Ellipsis } from 'lucide-react'
import { useCommands } from '@/desk/commands'
import { t } from './messages'

/** Shows or folds what a message quotes; `q` presses the one of the message in focus. */
export const QuoteToggle = ({ lines, open, onToggle }: { lines: number; open: boolean; onToggle: () => void }) => (
  <button
    type="button"
    data-quote-toggle
    aria-expanded={open}
    className="mt-1.5 flex h-6 items-center gap-2 rounded-md bg-hover px-2 text-[12px] hover:bg-chosen max-md:h-11"
    onClick={onToggle}
  >
    <Ellipsis size={14} aria-hidden />
    {t.quoted}
    <span className="text-dim">{t.quotedLines(lines)}</span>
  </button>
)

/** `q`, while a conversation is on screen. */
export const useQuoteCommand = () => useCommands([{ keys: 'q', label: t.toggleQuote, run: toggleQuote }])

/** Presses the toggle of the message in focus, else of the last one that quotes something. */
function toggleQuote() {
  const inFocus = document.activeElement?.closest('article')?.querySelector<HTMLElement>('[data-quote-toggle]')
  const all = document.querySelectorAll<HTMLElement>('article [data-quote-toggle]')
  const toggle = inFocus ?? all[all.length - 1]
  toggle?.click()
  toggle?.closest('article')?.scrollIntoView({ block: 'nearest' })
}
