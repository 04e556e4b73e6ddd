import { Files } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { toast } from '@/components/ui/toast'
import { told } from '@/components/ui/told'
import { drafts, type OtherText } from '@/desk/drafts'
import { useTimes } from '@/desk/times'
import { t } from './messages'
import type { Kind } from './outgoing'

/** What was written of this message on another device and then written over: read it, use it, or discard it. */
export default function OtherVersions({ ticket, kind, others }: { ticket: number; kind: Kind; others: OtherText[] }) {
  const [open, setOpen] = useState(false)
  const times = useTimes()
  const take = async (other: OtherText) => {
    if (!(await drafts.takeOther(ticket, kind, other))) toast.error(t.others.notSaved)
  }
  const discard = (other: OtherText) =>
    drafts
      .discardOther(ticket, kind, other.id)
      .catch((error: Error) => toast.error(t.others.notDiscarded, { description: told(error.message) }))
  return (
    <section aria-label={t.others.title} className="mx-1 mt-1.5 rounded-lg bg-accent-soft px-3 py-1 max-md:m-2">
      <div className="flex flex-wrap items-center gap-x-2 max-md:min-h-11">
        <Files size={15} className="shrink-0 text-accent" aria-hidden />
        <span role="status" className="min-w-40 flex-1">
          {t.others.count(others.length)}
        </span>
        <Button className="text-accent max-md:h-11" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? t.others.hide : t.others.show}
        </Button>
      </div>
      {open && (
        <ul className="max-h-60 divide-y divide-line overflow-y-auto">
          {others.map((other) => (
            <li key={other.id} className="py-1.5">
              <p dir="auto" className="whitespace-pre-line [overflow-wrap:anywhere]">
                {other.body_text || <span className="text-dim">{t.others.noText}</span>}
              </p>
              <div className="flex flex-wrap items-center gap-x-2">
                <span className="min-w-40 flex-1 text-[12px] text-dim">
                  {t.others.overtaken(times.exact(other.overtaken_at))}
                  {other.attachment_ids.length > 0 && ` · ${t.others.files(other.attachment_ids.length)}`}
                </span>
                <span className="ms-auto flex gap-x-2">
                  <Button className="text-accent max-md:h-11" onClick={() => void take(other)}>
                    {t.others.use}
                  </Button>
                  <Button className="max-md:h-11" onClick={() => void discard(other)}>
                    {t.discard}
                  </Button>
                </span>
              </div>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
