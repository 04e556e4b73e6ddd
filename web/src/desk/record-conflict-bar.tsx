import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { t } from './messages'
import { type RecordConflict, useRecordConflict } from './record-conflicts'

/** Above the page: two people have set the same in one record; says who, and asks field by field which value stays. */
export function RecordConflictBar() {
  const conflict = useRecordConflict()
  return conflict ? <Bar key={conflict.clashes.map(({ mine }) => mine).join()} conflict={conflict} /> : null
}

function Bar({ conflict: { what, who, clashes, settle } }: { conflict: RecordConflict }) {
  const [mine, setMine] = useState<string[]>([])
  const several = clashes.length > 1
  const choose = (path: string, own: boolean) => {
    const next = own ? [...mine, path] : mine.filter((each) => each !== path)
    if (several) setMine(next)
    else settle(next)
  }
  return (
    <section
      role="alert"
      aria-label={t.records.conflict}
      className="max-h-[40vh] shrink-0 overflow-auto border-b border-note-line bg-note px-4 py-2.5"
    >
      <p className="font-medium [overflow-wrap:anywhere]">{t.records.clash(who ?? t.records.somebody, what)}</p>
      <dl className="mt-1.5 space-y-1.5">
        {clashes.map(({ path, field, theirs, mine: own }) => (
          <div key={path} className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <dt dir="auto" className="min-w-24 text-dim">
              {field}
            </dt>
            <dd className="flex min-w-0 flex-wrap gap-1.5">
              {[false, true].map((isMine) => (
                <Button
                  key={String(isMine)}
                  variant="chip"
                  className="max-w-full max-md:h-11"
                  aria-pressed={several ? mine.includes(path) === isMine : undefined}
                  aria-label={(isMine ? t.records.mineOf : t.records.theirsOf)(field, isMine ? own : theirs)}
                  onClick={() => choose(path, isMine)}
                >
                  <span dir="auto" className="truncate">
                    {isMine ? t.records.mine(own) : t.records.theirs(theirs)}
                  </span>
                </Button>
              ))}
            </dd>
          </div>
        ))}
      </dl>
      {several && (
        <Button variant="chip" className="mt-1.5 max-md:h-11" onClick={() => settle(mine)}>
          {t.records.save}
        </Button>
      )}
    </section>
  )
}
