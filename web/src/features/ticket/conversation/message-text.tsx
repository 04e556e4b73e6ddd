import { useMemo, useState } from 'react'
import { LINK_REL, partsOf } from './links'
import { QuoteToggle } from './quote-toggle'
import { splitPlain } from './quotes'

/** A text whose addresses can be followed. */
function Linked({ text }: { text: string }) {
  const parts = useMemo(() => partsOf(text), [text])
  return parts.map((part, at) =>
    part.href ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text have no other name, and stay in their order
      <a key={at} href={part.href} target="_blank" rel={LINK_REL}>
        {part.text}
      </a>
    ) : (
      part.text
    ),
  )
}

/** A message without HTML, with its quoted tail folded. */
export function MessageText({ text, quoteFrom }: { text: string; quoteFrom: number | null | undefined }) {
  const [open, setOpen] = useState(false)
  const { own, quoted, lines } = splitPlain(text, quoteFrom)
  return (
    <>
      <div dir="auto" className="message whitespace-pre-wrap">
        <Linked text={own} />
        {open && (
          <div className="quote mt-2 text-dim">
            <Linked text={quoted} />
          </div>
        )}
      </div>
      {lines > 0 && <QuoteToggle lines={lines} open={open} onToggle={() => setOpen(!open)} />}
    </>
  )
}
