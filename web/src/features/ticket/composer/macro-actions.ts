/** What a macro changes, as the rows of a form: one for each action, in their order. */
import { type CustomField, parseTyped } from '@/desk/fields/custom-field'
import type { Ticket } from '@/desk/tickets'
import type { Schemas } from '@/lib/api/client'
import { isObject, memberOf, textsOf } from '@/lib/api/open'
import type { MacroPreview } from './macros'

type Action = Schemas['Action']

/** The columns and acts that a macro knows; a custom field is `custom.` and its key. */
export const PATHS = [
  'status',
  'priority',
  'type',
  'team',
  'assign',
  'add_tags',
  'remove_tags',
  'require_skill',
  'form',
] as const

export type Path = (typeof PATHS)[number] | `custom.${string}`

export interface Row {
  path: Path
  value: unknown
}

/** Undefined for an action that belongs to rules alone: no macro has one. */
export function rowOf(action: Action): Row | undefined {
  if ('set' in action) return { path: action.set as Path, value: action.value }
  if ('add_tags' in action) return { path: 'add_tags', value: action.add_tags }
  if ('remove_tags' in action) return { path: 'remove_tags', value: action.remove_tags }
  if ('assign' in action) return { path: 'assign', value: action.assign }
  if ('require_skill' in action)
    return { path: 'require_skill', value: { name: action.require_skill, level: action.level ?? 1 } }
  return undefined
}

export const rowsOf = (actions: readonly Action[]): Row[] => actions.flatMap((action) => rowOf(action) ?? [])

/** What is typed is a value only once it is sent. */
export function actionOf({ path, value }: Row, fields: readonly CustomField[]): Action {
  switch (path) {
    case 'add_tags':
      return { add_tags: textsOf(value) }
    case 'remove_tags':
      return { remove_tags: textsOf(value) }
    case 'assign':
      return { assign: String(value) }
    case 'require_skill':
      return { require_skill: String(memberOf(value, 'name') ?? ''), level: Number(memberOf(value, 'level') ?? 1) }
    default: {
      const field = path.startsWith('custom.') && fields.find(({ key }) => `custom.${key}` === path)
      const given = field && typeof value === 'string' ? parseTyped(field, value.trim()) : value
      const empty = given === '' || (Array.isArray(given) && !given.length)
      return { set: path, value: empty ? null : given }
    }
  }
}

/** Whether two lists of actions are one and the same; a level of 1 need not be told. */
export const sameActions = (one: readonly Action[], other: readonly Action[]) =>
  JSON.stringify(rowsOf(one)) === JSON.stringify(rowsOf(other))

interface Names {
  me: string | undefined
  /** Of an agent, by address. */
  agent: (email: string) => string | undefined
}

/** What rows would change of a ticket, as the desk tells it of a macro that is saved. */
export function changesOf(rows: readonly Row[], ticket: Ticket, fields: readonly CustomField[], names: Names) {
  const changes: MacroPreview['changes'] = {}
  const custom: Record<string, unknown> = { ...ticket.custom }
  let tags = ticket.tags
  let skills: Record<string, unknown> = { ...ticket.required_skills }
  const put = (path: string, before: unknown, after: unknown) => {
    if (JSON.stringify(before ?? null) !== JSON.stringify(after ?? null)) changes[path] = [before, after]
  }
  for (const row of rows) {
    const action = actionOf(row, fields)
    if ('add_tags' in action) tags = [...tags, ...action.add_tags.filter((tag) => !hasTag(tags, tag))]
    else if ('remove_tags' in action) tags = tags.filter((tag) => !hasTag(action.remove_tags, tag))
    else if ('require_skill' in action) skills = { ...skills, [action.require_skill]: action.level ?? 1 }
    else if ('assign' in action) {
      const { assign: to } = action
      const name = to === 'none' ? null : to === 'me' ? names.me : (names.agent(to) ?? to)
      put('assignee', ticket.assignee?.name ?? null, name)
    } else if ('set' in action && action.set.startsWith('custom.')) custom[action.set.slice(7)] = action.value
    else if ('set' in action) {
      const before: unknown = ticket[action.set as 'status']
      put(action.set, isObject(before) ? before.name : before, action.value)
    }
  }
  put('tags', ticket.tags, tags)
  put('custom', ticket.custom, custom)
  put('required_skills', ticket.required_skills, skills)
  return changes
}

export const hasTag = (tags: readonly string[], tag: string) =>
  tags.some((each) => each.toLowerCase() === tag.toLowerCase())
