/** What the API does not understand of a question, and where it stands. */
import { useQuery } from '@tanstack/react-query'
import { Button } from '@/components/ui/button'
import { Told } from '@/components/ui/told'
import { labelIn, prioritiesQuery, statusesQuery, typeWord } from '@/desk/config'
import { type Draft, pillAt, quote } from '@/desk/search/tokens'
import { problemsOf } from '@/lib/api/client'
import { t } from './messages'

type FieldProblem = ReturnType<typeof problemsOf>[number]

export interface Wrong extends Pick<FieldProblem, 'message' | 'values'> {
  /** From 1, in characters of the question. */
  place: number
}

export const problemsIn = (error: unknown): Wrong[] =>
  problemsOf(error).flatMap(({ path, message, values }) => {
    const place = /^q\[(\d+)\]$/.exec(path)?.[1]
    return place ? [{ place: Number(place), message, values }] : []
  })

export const wrongParts = (problems: Wrong[], draft: Draft) => problems.map(({ place }) => pillAt(draft, place))

/** More are no choice but a list to read. */
const MOST = 12

/** What may stand there instead: what was probably meant, else all that is possible. */
export const insteadOf = ({ value, nearest, allowed = '' }: Record<string, string> = {}) => {
  // Nothing is put in place of what is not known.
  if (value === undefined) return []
  return nearest ? [nearest] : allowed.split(', ').filter(Boolean).slice(0, MOST)
}

/** A part of this length is still read at a glance. */
const LONGEST = 60

/** The part of the question around a place: the word, or all that a quote holds. */
function partAt(question: string, place: number) {
  const letters = [...question]
  const at = Math.min(place, letters.length) - 1
  let from = at
  while (from > 0 && !/\s/.test(letters[from - 1] ?? '')) from -= 1
  let to = at
  while (to < letters.length && !/\s/.test(letters[to] ?? '')) to += 1
  return to - from > LONGEST ? `${letters.slice(from, from + LONGEST).join('')}…` : letters.slice(from, to).join('')
}

/** The question with something else in place of what stands there, in quotes or not. */
export function replaced(question: string, place: number, typed: string, instead: string) {
  const letters = [...question]
  const rest = letters.slice(place - 1).join('')
  const there = [typed, `"${typed}"`].find((each) => rest.toLowerCase().startsWith(each.toLowerCase()))
  if (there === undefined) return question
  return letters.slice(0, place - 1).join('') + quote(instead) + rest.slice(there.length)
}

export function Problems({
  id,
  problems,
  question,
  replace,
}: {
  id: string
  problems: Wrong[]
  question: string
  replace: (question: string) => void
}) {
  const { data: statuses } = useQuery({ ...statusesQuery, enabled: problems.length > 0 })
  const { data: priorities } = useQuery({ ...prioritiesQuery, enabled: problems.length > 0 })
  /** A value as this desk calls it. */
  const label = (part: string, value: string) => {
    if (/^-?status:/i.test(part)) return labelIn(statuses, 'status', value)
    if (/^-?priority:/i.test(part)) return labelIn(priorities, 'priority', value)
    return /^-?type:/i.test(part) ? typeWord(value) : value
  }
  if (!problems.length) return null
  return (
    <div id={id} role="alert" className="text-danger [overflow-wrap:anywhere]">
      <ul className="space-y-0.5">
        {problems.map(({ place, message, values }) => {
          const part = partAt(question, place)
          const choices = insteadOf(values)
          return (
            <li key={`${place}${message}`} className="flex flex-wrap items-center gap-x-1.5 gap-y-1">
              <span title={t.position(place)}>
                {t.wrong} <code className="rounded bg-danger-soft px-1 font-mono">{part}</code>
              </span>
              <Told text={message} />
              {choices.length > 0 && (
                <>
                  <span className="text-ink">{choices.length > 1 ? t.choose : t.meant}</span>
                  {choices.map((choice) => (
                    <Button
                      key={choice}
                      variant="chip"
                      className="text-ink max-md:h-11"
                      onClick={() => replace(replaced(question, place, values?.value ?? '', choice))}
                    >
                      {label(part, choice)}
                    </Button>
                  ))}
                </>
              )}
            </li>
          )
        })}
      </ul>
    </div>
  )
}
