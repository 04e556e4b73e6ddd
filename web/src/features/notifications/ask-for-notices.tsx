import { BellRing } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { chooseNotices, useNotices } from './browser-notices'
import { t } from './messages'

/** Asked once, and the browser asks only after the button. */
export function AskForNotices() {
  if (useNotices() !== 'unasked') return null
  return (
    <div className="mx-3 mb-3 flex shrink-0 items-center gap-3 rounded-xl border border-line bg-raised px-3 py-2.5">
      <BellRing size={18} className="shrink-0 text-accent" aria-hidden />
      <p className="min-w-0 flex-1">
        <span className="block font-medium">{t.ask.title}</span>
        <span className="block text-[12px] leading-4 text-dim">{t.ask.text}</span>
      </p>
      <Button className="max-md:h-11" onClick={() => void chooseNotices(false)}>
        {t.ask.no}
      </Button>
      <Button variant="chip" className="font-medium max-md:h-11" onClick={() => void chooseNotices(true)}>
        {t.ask.on}
      </Button>
    </div>
  )
}
