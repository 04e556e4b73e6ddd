/** What the palette offers for what is typed: commands at once, tickets and customers as they are found. */

import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { ArrowRight, Building2, Search } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { Avatar } from '@/components/ui/avatar'
import { allCommands, type Command } from '@/desk/commands'
import { type Kind, kindIn } from '@/desk/search/kinds'
import { organizationsFoundQuery, peopleFoundQuery, wordsOf } from '@/desk/search/queries'
import { readTokens, settled, ticketNumber } from '@/desk/search/tokens'
import { StatusOf } from '@/desk/status-of'
import { problemsOf } from '@/lib/api/client'
import { useDebounced } from '@/lib/use-debounced'
import { filterByLetters, holdsWords } from './filter-by-letters'
import { t } from './messages'
import { questionQuery, subjectsQuery } from './queries'

export interface Choice {
  key: string
  label: string
  hint?: string
  keys?: string
  icon: ReactNode
  run: () => void
}

export interface Group {
  name: string
  items: Choice[]
}

const WAIT_MS = 100
const MOST_TICKETS = 7
const MOST_PEOPLE = 3
const MOST_ALONE = 12

/** `kind`: of everything that could be offered only this is looked for. */
export function useChoices(typed: string, caret: number, kind: Kind | undefined) {
  const navigate = useNavigate()
  // Read once, as the palette opens: the page below does not change meanwhile.
  const [commands] = useState(allCommands)
  const wanted = typed.trim()
  const number = ticketNumber(wanted)
  const question = useDebounced(settled({ pills: [], text: typed }, caret).text.trim(), WAIT_MS)
  const filtered = readTokens(wanted).some((token) => token.filter)
  const words = wordsOf(question).join(' ')
  const wants = (one: Kind) => !kind || kind === one
  const [mostPeople, mostTickets] = kind ? [MOST_ALONE, MOST_ALONE] : [MOST_PEOPLE, MOST_TICKETS]
  const named = number || filtered ? '' : words
  const subjects = useQuery(subjectsQuery(filtered || !wants('tickets') ? '' : question.replace(/^#/, '')))
  const answered = useQuery(questionQuery(number || !wants('tickets') ? '' : question))
  const people = useQuery(peopleFoundQuery(wants('people') ? named : '', mostPeople))
  const organizations = useQuery(organizationsFoundQuery(wants('organizations') ? named : '', mostPeople))

  const open = (id: number | string) => navigate({ to: '/tickets/$id', params: { id: String(id) } })
  const rows = new Map(
    wanted.length > 1 && wants('tickets')
      ? [
          ...(filtered
            ? []
            : (subjects.data?.items ?? []).filter(
                (row) => !number || String(row.id) === number || row.subject.includes(number),
              )),
          ...(number ? [] : (answered.data?.items ?? [])),
        ].map((row) => [row.id, row])
      : [],
  )
  const tickets: Choice[] = [...rows.values()].slice(0, mostTickets).map((row) => ({
    key: `ticket-${row.id}`,
    label: row.subject,
    hint: `#${row.id} · ${row.requester.name}`,
    icon: <StatusOf ticket={row} />,
    run: () => open(row.id),
  }))
  // A number opens its ticket without waiting for the search.
  if (number && !rows.has(Number(number)))
    tickets.unshift({
      key: `ticket-${number}`,
      label: t.open(number),
      icon: <ArrowRight size={16} className="rtl:-scale-x-100" />,
      run: () => open(number),
    })

  const fetching = [subjects, answered, people, organizations].some(({ isFetching }) => isFetching)
  const loose: Choice[] = []
  const group = (name: NonNullable<Command['group']>): Group => {
    const labels = new Set<string>()
    const offered: Choice[] = commands.flatMap((command) => {
      if (command.group !== name || labels.has(command.label)) return []
      labels.add(command.label)
      return [
        {
          ...command,
          key: `${name}-${command.label}`,
          icon: command.icon ?? <ArrowRight size={16} className="rtl:-scale-x-100" />,
        },
      ]
    })
    const fitting = filtered || kind ? [] : filterByLetters(typed, offered, ({ label }) => label)
    const items = fitting.filter(({ label }) => holdsWords(typed, label))
    loose.push(...fitting.filter((choice) => !items.includes(choice)))
    return { name: t.groups[name], items }
  }
  const found: Group = { name: t.groups.tickets, items: tickets }
  const some = !number && !filtered && words.length > 1 && wanted !== ''
  const groups = [
    ...(number || filtered ? [found] : []),
    group('Actions'),
    group('Send'),
    group('Go to'),
    // All teams would bury the rest before anything has been typed.
    ...(typed ? [group('Teams')] : []),
    // Found later than the rest, so at the end: late results never change what Enter runs.
    ...(number || filtered ? [] : [found]),
    {
      name: t.groups.people,
      items:
        some && wants('people')
          ? (people.data?.items ?? []).map((person) => ({
              key: `person-${person.id}`,
              label: person.name,
              hint: person.organization?.name ?? person.email ?? '',
              icon: <Avatar name={person.name} size={20} />,
              run: () => navigate({ to: '/customers/$id', params: { id: String(person.id) } }),
            }))
          : [],
    },
    {
      name: t.groups.organizations,
      items:
        some && wants('organizations')
          ? (organizations.data?.items ?? []).map((organization) => ({
              key: `organization-${organization.id}`,
              label: organization.name,
              icon: <Building2 size={16} />,
              run: () => navigate({ to: '/organizations/$id', params: { id: String(organization.id) } }),
            }))
          : [],
    },
    // Only a few letters are alike: what holds the words is meant sooner, also when it is still on its way.
    { name: t.groups.alike, items: fetching ? [] : loose },
    {
      name: t.groups.search,
      items:
        wanted.length > 1 && !number
          ? [
              {
                key: 'everything',
                label: kind ? t.only[kind](wanted) : t.everything(wanted),
                icon: <Search size={16} />,
                run: () => navigate({ to: '/search', search: { q: wanted, ...kindIn(kind) } }),
              },
            ]
          : [],
    },
  ].filter(({ items }) => items.length) satisfies Group[]
  return {
    groups,
    count: groups.reduce((sum, { items }) => sum + items.length, 0),
    fetching,
    /** What the API does not understand of the question. */
    problems: filtered && !fetching ? problemsOf(answered.error) : [],
  }
}
