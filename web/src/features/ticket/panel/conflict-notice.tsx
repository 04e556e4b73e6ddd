import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { Conflict } from '@/desk/conflicts'
import type { TicketChange } from '@/desk/ticket-changes'
import { useOpenTicket } from '../ticket-context'
import { useValueWords } from '../value-words'
import { t } from './messages'
import type { ConflictOfTicket } from './use-ticket-changes'

/** The values of a change by path. */
function valuesOf({ body }: TicketChange): Record<string, unknown> {
  const { custom, ...columns } = body
  return {
    ...columns,
    ...Object.fromEntries(Object.entries(custom ?? {}).map(([key, value]) => [`custom.${key}`, value])),
  }
}

/** The change without these paths: what the other person set there stays. */
function changeWithout(change: TicketChange, left: string[]): TicketChange {
  const keep = <T extends object>(object: T, prefix = '') =>
    Object.fromEntries(Object.entries(object).filter(([key]) => !left.includes(prefix + key)))
  const { custom, ...columns } = change.body
  const { custom: shown, ...others } = change.shown
  const leftColumns = left.map((path) => path.replace(/_id$/, ''))
  return {
    ...change,
    body: { ...keep(columns), ...(custom ? { custom: keep(custom, 'custom.') } : {}) },
    shown: {
      ...Object.fromEntries(Object.entries(others).filter(([key]) => !leftColumns.includes(key))),
      ...(shown ? { custom: keep(shown, 'custom.') } : {}),
    },
  }
}

/** Somebody else was faster: says who set what, and asks field by field which value is kept. */
export function ConflictNotice({ of: { change, conflict }, end }: { of: ConflictOfTicket; end: () => void }) {
  const { apply } = useOpenTicket()
  const [mine, setMine] = useState<string[]>([])
  const people = conflict instanceof Conflict ? conflict.people.join(', ') : t.conflict.somebody
  const clashes = conflict instanceof Conflict ? conflict.clashes : []
  const values = valuesOf(change)
  const words = useValueWords(
    clashes.flatMap(({ path, theirs }) => [
      { path, value: theirs },
      { path, value: values[path] },
    ]),
  )
  const [only, more] = clashes
  const solving = change.verb === 'solve' || change.shown.status_category === 'solved'
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
              else if (own) void apply(change)
              else end()
            }
            const [their, own] = [
              words.value(path, theirs),
              words.value(path, values[path] ?? valueShown(change, path)),
            ]
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
            <Button
              variant="chip"
              className="max-md:h-11"
              onClick={() => {
                const left = clashes.map(({ path }) => path).filter((path) => !mine.includes(path))
                const rest = changeWithout(change, left)
                if (rest.verb || Object.keys(valuesOf(rest)).length) void apply(rest)
                else end()
              }}
            >
              {t.conflict.saveChoice}
            </Button>
          ) : (
            <Button variant="chip" className="max-md:h-11" onClick={() => void apply(change)}>
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

/** What a verb sets is only in what it shows. */
const valueShown = ({ shown }: TicketChange, path: string): unknown => (path === 'status' ? shown.status : undefined)
