import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { changeWithout, isSolving, pathsOf } from '@/desk/ticket-changes'
import { useOpenTicket } from '../ticket-context'
import { useValueWords } from '../value-words'
import { t } from './messages'
import { type ConflictOfTicket, valueIn } from './open-conflict'

/** Somebody else was faster: says who set what, and asks field by field which value is kept. */
export function ConflictNotice({ of: { change, ...conflict }, end }: { of: ConflictOfTicket; end: () => void }) {
  const { apply } = useOpenTicket()
  const [mine, setMine] = useState<string[]>([])
  const { clashes } = conflict
  const people = conflict.people.join(', ') || t.conflict.somebody
  const words = useValueWords(
    clashes.flatMap(({ path, theirs }) => [
      { path, value: theirs },
      { path, value: valueIn(change, path) },
    ]),
  )
  const [only, more] = clashes
  const solving = isSolving(change)
  /** On these paths one's own value is to stand. */
  const settle = (own: string[]) => {
    const left = clashes.map(({ path }) => path).filter((path) => !own.includes(path))
    const rest = changeWithout(change, left)
    end()
    if (pathsOf(rest).length) void apply(rest)
  }
  return (
    <div role="alert" className="border-b border-note-line bg-note px-4 py-2.5">
      <p className="font-medium [overflow-wrap:anywhere]">
        {only
          ? t.conflict.title(people, clashes.length)
          : solving
            ? t.conflict.solving(people)
            : t.conflict.whileYou(people)}
      </p>
      {clashes.length > 0 && (
        <dl className="mt-1.5 space-y-1.5">
          {clashes.map(({ path, theirs }) => {
            const choose = (own: boolean) => {
              const next = own ? [...mine, path] : mine.filter((each) => each !== path)
              if (more) setMine(next)
              else settle(next)
            }
            const [their, own] = [words.value(path, theirs), words.value(path, valueIn(change, path))]
            const field = words.label(path)
            return (
              <div key={path} className="flex flex-wrap items-center gap-x-3 gap-y-1">
                <dt dir="auto" className="min-w-24 text-dim">
                  {field}
                </dt>
                <dd className="flex flex-wrap gap-1.5">
                  <Button
                    variant="chip"
                    className="max-w-full max-md:h-11"
                    aria-pressed={more ? !mine.includes(path) : undefined}
                    aria-label={t.conflict.theirsOf(field, their)}
                    onClick={() => choose(false)}
                  >
                    <span dir="auto" className="truncate">
                      {t.conflict.theirs(their)}
                    </span>
                  </Button>
                  <Button
                    variant="chip"
                    className="max-w-full max-md:h-11"
                    aria-pressed={more ? mine.includes(path) : undefined}
                    aria-label={t.conflict.mineOf(field, own)}
                    onClick={() => choose(true)}
                  >
                    <span dir="auto" className="truncate">
                      {t.conflict.mine(own)}
                    </span>
                  </Button>
                </dd>
              </div>
            )
          })}
        </dl>
      )}
      {(!only || more) && (
        <div className="mt-1.5 flex flex-wrap gap-2">
          {more ? (
            <Button variant="chip" className="max-md:h-11" onClick={() => settle(mine)}>
              {t.conflict.saveChoice}
            </Button>
          ) : (
            <Button variant="chip" className="max-md:h-11" onClick={() => settle([])}>
              {t.conflict.applyMine}
            </Button>
          )}
          <Button className="max-md:h-11" onClick={end}>
            {t.conflict.keepTheirs}
          </Button>
        </div>
      )}
    </div>
  )
}
