import { useState } from 'react'
import { QuoteToggle } from './quote-toggle'
import { splitPlain } from './quotes'

/** A message without HTML, with its quoted tail folded. */
export function MessageText({ text, quoteFrom }: { text: string; quoteFrom: number | null | undefined }) {
  const [open, setOpen] = useState(false)
  const { own, quoted, lines } = splitPlain(text, quoteFrom)
  return (
    <>
      <div dir="auto" className="message whitespace-pre-wrap">
        {own}
        {open && <div className="quote mt-2 text-dim">{quoted}</div>}
      </div>
      {lines > 0 && <QuoteToggle lines={lines} open={open} onToggle={() => setOpen(!open)} />}
    </>
  )
}
