import { useQuery } from '@tanstack/react-query'
import clsx from 'clsx'
import { Check, RotateCw } from 'lucide-react'
import { useState } from 'react'
import { Avatar } from '@/components/ui/avatar'
import { Button } from '@/components/ui/button'
import { customFieldsQuery } from '@/desk/config'
import type { Ticket } from '@/desk/tickets'
import { useTimes } from '@/desk/times'
import type { Schemas } from '@/lib/api/client'
import { type Candidate, describeCandidate, isAway } from './describe-candidate'
import { describeFailure } from './describe-condition'
import { t } from './messages'
import { routingQuery } from './queries'

/** The rules in their order up to the match, and the people: who got the ticket, and why the others did not. */
export function RoutingCard({ ticket }: { ticket: Ticket }) {
  const { data, error, refetch } = useQuery(routingQuery(ticket.id))
  if (error && !data)
    return (
      <div role="alert" className="flex flex-wrap items-center gap-2 text-[12px]">
        <span className="flex-1">{t.failed}</span>
        <Button variant="chip" onClick={() => refetch()}>
          <RotateCw size={13} aria-hidden /> {t.tryAgain}
        </Button>
      </div>
    )
  if (!data) return <CardSkeleton />
  return (
    <div className="space-y-3 text-[12px] leading-4">
      <Rules rules={data.now.rules} />
      <People ticket={ticket} candidates={data.now.candidates} />
    </div>
  )
}

/** All rules that matter: those that come after the one that ended the search were not tried. */
function Rules({ rules }: { rules: Schemas['RuleVerdict'][] }) {
  const { data: fields } = useQuery(customFieldsQuery)
  const [all, setAll] = useState(false)
  const labels = new Map(fields?.items.map(({ key, label }) => [key, label]))
  const tried = rules.filter((rule) => rule.tried)
  const matches = tried.filter((rule) => rule.matched).length
  // More than six: the first two, how many are left out, and each one that matched.
  const folded = !all && tried.length > 6
  const shown = folded ? tried.filter((rule, at) => at < 2 || rule.matched) : tried
  const hidden = tried.length - shown.length
  if (!rules.length) return <p className="text-dim">{t.noRules}</p>
  return (
    <div>
      <h3 className="mb-1.5 text-dim">{matches > 1 ? t.rules : t.firstWins}</h3>
      <ol className="space-y-1">
        {shown.map((rule, at) => (
          <li key={rule.id} className="flex flex-wrap items-baseline gap-x-2">
            <span
              aria-hidden
              className={clsx(
                'grid size-4 shrink-0 place-items-center rounded text-[11px]',
                rule.matched ? 'bg-accent text-accent-ink' : 'bg-hover text-dim',
              )}
            >
              {tried.indexOf(rule) + 1}
            </span>
            <span
              dir="auto"
              className={clsx('min-w-32 flex-1 [overflow-wrap:anywhere]', rule.matched && 'font-medium')}
            >
              {rule.name}
            </span>
            <span
              className={clsx(
                'ms-auto ps-6 text-end [overflow-wrap:anywhere]',
                rule.matched ? 'text-accent' : 'text-dim',
              )}
            >
              {rule.matched ? (rule.stops ? t.matched : t.alsoMatched) : describeFailure(rule.conditions, labels)}
            </span>
            {folded && at === 1 && hidden > 0 && (
              <button
                type="button"
                className="h-6 basis-full ps-6 text-start text-dim hover:text-ink"
                onClick={() => setAll(true)}
              >
                {t.more(hidden)}
              </button>
            )}
          </li>
        ))}
      </ol>
    </div>
  )
}

/** The skills that the ticket asks for, as one reads them. */
function skillsOf(ticket: Ticket): string | undefined {
  const skills = Object.entries(ticket.required_skills).map(([name, level]) => t.skill(name, Number(level)))
  const last = skills.pop()
  return last && (skills.length ? t.and(skills.join(', '), last) : last)
}

function People({ ticket, candidates }: { ticket: Ticket; candidates: Candidate[] }) {
  const { exact } = useTimes()
  if (!ticket.team) return <p className="text-dim">{t.noTeam}</p>
  const assignee = ticket.assignee?.id
  const skills = skillsOf(ticket)
  const away = candidates.filter((person) => isAway(person) && person.user_id !== assignee)
  const here = candidates.filter((person) => !away.includes(person))
  const winner = here.find(({ user_id }) => user_id === assignee)
  const shown = winner ? [winner, ...here.filter((person) => person !== winner)] : here
  return (
    <div>
      <h3 className="mb-1.5 text-dim">{skills ? t.peopleWith(skills) : t.people(ticket.team.name)}</h3>
      {candidates.length === 0 && <p className="text-dim">{t.noPeople}</p>}
      <ul className="-mx-1.5">
        {shown.map((person) => (
          <Person
            key={person.user_id}
            person={person}
            chosen={person === winner}
            why={describeCandidate(person, candidates, assignee, exact)}
          />
        ))}
      </ul>
      {away.length > 0 && (
        <details className="mt-1.5">
          <summary className="flex h-6 cursor-pointer items-center rounded text-dim hover:text-ink">
            {t.away(away.length)}
          </summary>
          <ul className="-mx-1.5">
            {away.map((person) => (
              <Person
                key={person.user_id}
                person={person}
                chosen={false}
                why={describeCandidate(person, candidates, assignee, exact)}
              />
            ))}
          </ul>
        </details>
      )}
      <p className="mt-1.5 text-[11px] text-dim">{t.now}</p>
    </div>
  )
}

function Person({ person, chosen, why }: { person: Candidate; chosen: boolean; why: string }) {
  const full = person.open >= person.capacity
  return (
    <li className={clsx('flex items-center gap-2 rounded-md px-1.5 py-1', chosen && 'bg-accent-soft')}>
      <Avatar name={person.name} size={22} />
      <span className="min-w-0 flex-1">
        <span className="flex items-center gap-1">
          <span dir="auto" className={clsx('truncate', chosen && 'font-medium')}>
            {person.name}
          </span>
          {chosen && <Check size={13} role="img" aria-label={t.chosen} className="shrink-0 text-accent" />}
          <span
            role="meter"
            aria-label={t.load(person.open, person.capacity)}
            aria-valuemin={0}
            aria-valuemax={Math.max(person.capacity, person.open, 1)}
            aria-valuenow={person.open}
            className="ms-auto h-1 w-10 shrink-0 overflow-hidden rounded-full bg-hover"
          >
            <span
              className={clsx('block h-full', full ? 'bg-amber' : 'bg-accent')}
              style={{ width: `${Math.min(100, (person.open / Math.max(person.capacity, 1)) * 100)}%` }}
            />
          </span>
          <span aria-hidden className="w-9 shrink-0 text-end text-dim tabular-nums">
            {person.open}/{person.capacity}
          </span>
        </span>
        <span className={clsx('block [overflow-wrap:anywhere]', chosen ? 'text-ink' : 'text-dim')}>{why}</span>
      </span>
    </li>
  )
}

const CardSkeleton = () => (
  <div className="space-y-2" aria-hidden>
    {['w-2/3', 'w-full', 'w-full', 'w-1/2', 'w-full', 'w-full'].map((width, at) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: they never change
      <div key={at} className={clsx('h-4 animate-pulse rounded bg-hover', width)} />
    ))}
  </div>
)
