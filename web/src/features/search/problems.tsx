/** What the API does not understand of a question, and where it stands. */
import { Told } from '@/components/ui/told'
import { type Draft, pillAt } from '@/desk/search/tokens'
import { problemsOf } from '@/lib/api/client'
import { t } from './messages'

export interface Wrong {
  /** From 1, in characters of the question. */
  place: number
  message: string
}

export const problemsIn = (error: unknown): Wrong[] =>
  problemsOf(error).flatMap(({ path, message }) => {
    const place = /^q\[(\d+)\]$/.exec(path)?.[1]
    return place ? [{ place: Number(place), message }] : []
  })

export const wrongParts = (problems: Wrong[], draft: Draft) => problems.map(({ place }) => pillAt(draft, place))

/** The part of the question around a place: the word, or all that a quote holds. */
function partAt(question: string, place: number) {
  const letters = [...question]
  const at = Math.min(place, letters.length) - 1
  let from = at
  while (from > 0 && !/\s/.test(letters[from - 1] ?? '')) from -= 1
  let to = at
  while (to < letters.length && !/\s/.test(letters[to] ?? '')) to += 1
  return letters.slice(from, to).join('')
}

export const Problems = ({ id, problems, question }: { id: string; problems: Wrong[]; question: string }) =>
  problems.length > 0 && (
    <div id={id} role="alert" className="text-danger [overflow-wrap:anywhere]">
      <ul className="space-y-0.5">
        {problems.map(({ place, message }) => (
          <li key={`${place}${message}`}>
            <span title={t.position(place)}>
              {t.wrong} <code className="rounded bg-danger-soft px-1 font-mono">{partAt(question, place)}</code>
            </span>{' '}
            <Told text={message} />
          </li>
        ))}
      </ul>
    </div>
  )
