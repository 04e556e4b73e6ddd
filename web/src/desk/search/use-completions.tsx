/** What can stand at the caret of a question: the fields of the language, then the values of one. */
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Avatar } from '@/components/ui/avatar'
import { StatusIcon } from '@/components/ui/status-icon'
import { agentsOf, customFieldsQuery, prioritiesQuery, statusesQuery, tagsQuery, teamsQuery } from '@/desk/config'
import { optionsOf } from '@/desk/fields/custom-field'
import { countsQuery } from '@/desk/tickets'
import { useDebounced } from '@/lib/use-debounced'
import { t } from './messages'
import { organizationsFoundQuery, peopleFoundQuery } from './queries'
import { FIELDS, type Field, quote, readTokens, type Token } from './tokens'

export interface Completion {
  key: string
  /** What stands between `from` and `to` becomes this. */
  insert: string
  from: number
  to: number
  label: string
  hint?: string | undefined
  count?: number | undefined
  icon?: ReactNode
  /** A value ends its filter; after a field its value is still to come. */
  ends: boolean
}

const MOST = 8
const CHANNELS = ['email', 'web', 'chat', 'phone', 'api']
const TYPES = ['question', 'incident', 'problem', 'task']
const ORDERED = new Set<string>(['priority', 'created', 'updated', 'solved', 'replied'])

interface Value {
  value: string
  hint?: string | undefined
  count?: number | undefined
  icon?: ReactNode
}

/** The filter and the place of the value in which the caret stands, or the word before it. */
export function placeOf(text: string, caret: number) {
  const token = readTokens(text).find((each) => each.from < caret && caret <= each.to)
  if (!token) return null
  if (!token.filter) {
    // In the middle of a word nothing is completed.
    if (caret !== token.to || token.open || /["#*]/.test(token.text)) return null
    const from = token.from + (token.negated ? 1 : 0)
    return { token, from, to: token.to, typed: text.slice(from, caret), field: null }
  }
  const value = token.filter.values.findLast((each) => each.from <= caret)
  if (!value) return null
  return {
    token,
    from: value.from,
    to: token.to,
    typed: text.slice(value.from, caret).replace(/"/g, ''),
    field: token.filter.field,
  }
}

const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10)

const dates = (): Value[] => [
  { value: day(0), hint: t.dates.today },
  { value: day(1), hint: t.dates.yesterday },
  { value: day(7), hint: t.dates.week },
  { value: day(30), hint: t.dates.month },
]

function useValues(field: string | null, typed: string, token: Token | undefined): Value[] {
  const rested = useDebounced(typed, 100)
  const statuses = useQuery({ ...statusesQuery, enabled: field === 'status' }).data
  const priorities = useQuery({ ...prioritiesQuery, enabled: field === 'priority' }).data
  const teams = useQuery({ ...teamsQuery, enabled: field === 'team' || field === 'assignee' }).data
  const counts = useQuery({ ...countsQuery, enabled: field === 'team' || field === 'assignee' || field === 'is' }).data
  const tags = useQuery({ ...tagsQuery(rested), enabled: field === 'tag' }).data
  const fields = useQuery({ ...customFieldsQuery, enabled: Boolean(field?.startsWith('custom.')) }).data
  const people = useQuery({ ...peopleFoundQuery(rested), enabled: field === 'requester' && rested.length > 1 }).data
  const organizations = useQuery({
    ...organizationsFoundQuery(rested),
    enabled: field === 'organization' && rested.length > 1,
  }).data
  const countOf = (view: string) => (counts?.views[view] === undefined ? undefined : Number(counts.views[view]))
  switch (field) {
    case 'is':
      return Object.entries(t.is).map(([value, hint]) => ({
        value,
        hint,
        count: value === 'unassigned' || value === 'mine' || value === 'active' ? countOf(value) : undefined,
      }))
    case 'status':
      return (statuses?.items ?? []).map(({ key, label, category }) => ({
        value: key,
        hint: label,
        icon: <StatusIcon category={category} />,
      }))
    case 'priority':
      return (priorities?.items ?? []).map(({ key, label }) => ({ value: key, hint: label }))
    case 'type':
      return TYPES.map((value) => ({ value }))
    case 'channel':
      return CHANNELS.map((value) => ({ value }))
    case 'team':
      return (teams?.items ?? []).map(({ id, name, color }) => ({
        value: name,
        count: counts?.teams[String(id)] === undefined ? undefined : Number(counts.teams[String(id)]),
        icon: <span className="size-2 rounded-[2px]" style={{ background: color }} />,
      }))
    case 'assignee':
      return [
        { value: 'me', hint: t.me, count: countOf('mine') },
        { value: 'none', hint: t.nobody, count: countOf('unassigned') },
        ...agentsOf(teams).map(({ name }) => ({ value: name, icon: <Avatar name={name} size={18} /> })),
      ]
    case 'tag':
      return (tags?.items ?? []).map(({ name, tickets }) => ({ value: name, count: tickets ?? undefined }))
    case 'requester':
      return (people?.items ?? []).map(({ name, email, organization }) => ({
        value: email ?? name,
        hint: [name, organization?.name].filter(Boolean).join(', '),
        icon: <Avatar name={name} size={18} />,
      }))
    case 'organization':
      return (organizations?.items ?? []).map(({ name }) => ({ value: name }))
    case 'created':
    case 'updated':
    case 'solved':
    case 'replied':
      return dates()
    default: {
      const custom = fields?.items.find(({ key }) => field === `custom.${key}`)
      if (!custom || !token) return []
      if (custom.type === 'boolean') return [{ value: 'true' }, { value: 'false' }]
      return optionsOf(custom).map(({ value, label }) => (label === value ? { value } : { value, hint: label }))
    }
  }
}

const starts = (typed: string, ...texts: (string | undefined)[]) => {
  const wanted = typed.toLowerCase()
  return texts.some(
    (text) =>
      text
        ?.toLowerCase()
        .split(/[\s@.-]+/)
        .some((word) => word.startsWith(wanted)) || text?.toLowerCase().startsWith(wanted),
  )
}

const head = (field: string) =>
  ['created', 'updated', 'solved', 'replied'].includes(field) ? `${field}>` : `${field}:`

/** The completions at the caret, none when it does not stand at the end of something that could go on. */
export function useCompletions(text: string, caret: number | null): Completion[] {
  const place = caret === null ? null : placeOf(text, caret)
  const custom = useQuery({ ...customFieldsQuery, enabled: place?.field === null }).data
  const values = useValues(place?.field ?? null, place?.typed ?? '', place?.token)
  if (!place) return []
  const { from, to, typed, field } = place
  if (field === null) {
    if (typed.length < 2 && !/^[a-z]$/i.test(typed)) return []
    const known: { name: string; hint: string }[] = [
      ...FIELDS.map((name) => ({ name: name as string, hint: t.fields[name as Field] })),
      ...(custom?.items ?? []).map(({ key, label }) => ({ name: `custom.${key}`, hint: label })),
    ]
    return known
      .filter(
        ({ name }) =>
          name.startsWith(typed.toLowerCase()) ||
          (name.startsWith('custom.') && typed.length > 1 && name.slice(7).startsWith(typed.toLowerCase())),
      )
      .slice(0, MOST)
      .map(({ name, hint }) => ({ key: name, insert: head(name), from, to, label: head(name), hint, ends: false }))
  }
  const compared = ORDERED.has(field) ? field : ''
  return (
    values
      .filter(({ value, hint }) => typed === '' || starts(typed, value, hint))
      // What is there already needs no completion.
      .filter(({ value }) => value.toLowerCase() !== typed.toLowerCase())
      .slice(0, MOST)
      .map(({ value, hint, count, icon }) => ({
        key: `${compared}${value}`,
        insert: quote(value),
        from,
        to,
        label: value,
        hint: hint && hint.toLowerCase() !== value.toLowerCase() ? hint : undefined,
        count,
        icon,
        ends: true,
      }))
  )
}

/** The text with a completion accepted, and where the caret then stands. */
export function accept(text: string, { insert, from, to, ends }: Completion) {
  // A value is done: a blank behind it makes its filter a pill.
  const piece = ends ? `${insert} ` : insert
  const rest = ends ? text.slice(to).trimStart() : text.slice(to)
  return { text: `${text.slice(0, from)}${piece}${rest}`, caret: from + piece.length }
}
