import clsx from 'clsx'
import { Signature as Pen, X } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { t } from './messages'

/** What the desk puts below a reply, as the customer will read it. It is no part of the text, so that no draft keeps it. */
export function Signature({ text, left, onSign }: { text: string; left: boolean; onSign: (signed: boolean) => void }) {
  const [whole, setWhole] = useState(false)
  if (left)
    return (
      <Button className="ms-0.5 mt-1 self-start text-dim max-md:h-11" onClick={() => onSign(true)}>
        <Pen size={14} aria-hidden /> {t.addSignature}
      </Button>
    )
  const long = text.split('\n').length > 3
  return (
    <section
      aria-label={t.signature}
      className="mx-1 mt-1.5 flex items-start gap-2 border-t border-dashed border-line pt-1.5 text-dim max-md:mx-4"
    >
      <div className="min-w-0 flex-1">
        <p dir="auto" className={clsx('message whitespace-pre-line', long && !whole && 'line-clamp-2')}>
          {text}
        </p>
        {long && !whole && (
          <button
            type="button"
            className="min-h-6 rounded text-accent hover:underline max-md:min-h-11"
            onClick={() => setWhole(true)}
          >
            {t.wholeSignature}
          </button>
        )}
      </div>
      <button
        type="button"
        aria-label={t.leaveSignature}
        title={t.leaveSignature}
        className="grid size-6 shrink-0 place-items-center rounded hover:bg-hover hover:text-ink max-md:size-11"
        onClick={() => onSign(false)}
      >
        <X size={14} aria-hidden />
      </button>
    </section>
  )
}
