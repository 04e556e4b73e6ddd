import { useQuery } from '@tanstack/react-query'
import clsx from 'clsx'
import { Check, ChevronDown, RotateCw } from 'lucide-react'
import { useState } from 'react'
import { Avatar } from '@/components/ui/avatar'
import { Button } from '@/components/ui/button'
import { agentsOf, customFieldsQuery, teamsQuery } from '@/desk/config'
import type { Ticket } from '@/desk/tickets'
import { useTimes } from '@/desk/times'
import type { Schemas } from '@/lib/api/client'
import { type Decision, decisionFor, describeDecision, matchedRules } from './decision'
import { type Candidate, describeNow, isAway } from './describe-candidate'
import { describeFailure, holds } from './describe-condition'
import { t } from './messages'
import { routingQuery } from './queries'

type Verdict = Schemas['RuleVerdict']

/** Why who has the ticket was given it, by the rules in their order; and how the team stands now. */
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
      <Chosen ticket={ticket} items={data.items} team={data.now.candidates} />
      <Rules rules={asDecided(data.now.rules, matchedRules(data.items))} />
      <People ticket={ticket} candidates={data.now.candidates} />
    </div>
  )
}

/** Who has the ticket, and what was so when they were given it. */
function Chosen({ ticket, items, team }: { ticket: Ticket; items: unknown; team: Candidate[] }) {
  const { exact } = useTimes()
  const { assignee } = ticket
  if (!assignee) return null
  const decision = decisionFor(items, assignee.id)
  const named = [assignee.id, ...(decision?.passedOver.map(({ id }) => id) ?? [])]
  const others = team.some(({ user_id }) => !named.includes(user_id))
  return (
    <>
      <div className="flex gap-2 rounded-md bg-accent-soft px-1.5 py-1">
        <Avatar name={assignee.name} size={22} />
        <p className="min-w-0 flex-1 [overflow-wrap:anywhere]">
          <span dir="auto" className="block font-medium">
            {assignee.name}
          </span>
          {decision ? describeDecision(decision, exact) : t.decided.byHand}
        </p>
      </div>
      {decision && decision.passedOver.length > 0 && <PassedOver people={decision.passedOver} />}
      {decision?.all && others && <p className="text-dim">{t.decided.restAway}</p>}
    </>
  )
}

/** Who else had room at that time, and why it was not them. */
function PassedOver({ people }: { people: Decision['passedOver'] }) {
  const { data: teams } = useQuery(teamsQuery)
  const names = new Map(agentsOf(teams).map(({ id, name }) => [id, name]))
  return (
    <div>
      <h3 className="mb-1.5 text-dim">{t.decided.passedOver}</h3>
      <ul className="space-y-1">
        {people.map(({ id, why }) => (
          <li key={id} className="flex flex-wrap items-baseline gap-x-2">
            <span dir="auto" className="min-w-24 flex-1 [overflow-wrap:anywhere]">
              {names.get(id) ?? t.decided.formerColleague}
            </span>
            <span className="text-end text-dim [overflow-wrap:anywhere]">{why}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}

/**
 * The rules with those that matched when the ticket was routed: it may have been changed since, and so may they. Rules
 * that are gone stay in the list, those that match only by now do not count.
 */
function asDecided(rules: Verdict[], matched: { id: number; name: string }[] | undefined): Verdict[] {
  if (!matched) return rules
  const then = new Set(matched.map(({ id }) => id))
  const gone = matched.filter(({ id }) => !rules.some((rule) => rule.id === id))
  return [
    ...rules.map((rule) => ({ ...rule, matched: then.has(rule.id), tried: rule.tried || then.has(rule.id) })),
    ...gone.map(({ id, name }) => ({ id, name, tried: true, matched: true })),
  ]
}

/** All rules that matter: those that come after the one that ended the search were not tried. */
function Rules({ rules }: { rules: Verdict[] }) {
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
              {rule.matched
                ? rule.stops === false
                  ? t.alsoMatched
                  : t.matched
                : holds(rule.conditions)
                  ? t.matchesOnlyNow
                  : describeFailure(rule.conditions, labels)}
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
  const skills = Object.entries(ticket.required_skills).map(([name, level]) => t.skillNeeded(name, Number(level)))
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
  return (
    <div>
      <h3 className="mb-1.5 text-dim">
        {skills ? t.peopleWith(ticket.team.name, skills) : t.people(ticket.team.name)}
      </h3>
      {candidates.length === 0 && <p className="text-dim">{t.noPeople}</p>}
      <ul className="-mx-1.5">
        {here.map((person) => (
          <Person
            key={person.user_id}
            person={person}
            chosen={person.user_id === assignee}
            why={describeNow(person, exact)}
          />
        ))}
      </ul>
      {away.length > 0 && (
        <details className="group mt-1.5">
          <summary className="flex h-6 cursor-pointer items-center gap-1 rounded text-dim hover:text-ink">
            <ChevronDown size={13} aria-hidden className="-rotate-90 group-open:rotate-0 rtl:rotate-90" />{' '}
            {t.away(away.length)}
          </summary>
          <ul className="-mx-1.5">
            {away.map((person) => (
              <Person key={person.user_id} person={person} chosen={false} why={describeNow(person, exact)} />
            ))}
          </ul>
        </details>
      )}
    </div>
  )
}

function Person({ person, chosen, why }: { person: Candidate; chosen: boolean; why: string }) {
  const full = person.open >= person.capacity
  return (
    <li className="flex items-center gap-2 rounded-md px-1.5 py-1">
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
        <span className="block text-dim [overflow-wrap:anywhere]">{why}</span>
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
