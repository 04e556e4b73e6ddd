/** Puts an event of a ticket into one sentence. */
import { inOwnWord, typeWord } from '@/desk/config'
import type { EventItem } from '@/desk/timeline'
import { isObject, textsOf } from '@/lib/api/open'
import { languageName } from '@/lib/locale'
import { t } from './messages'

export interface Told {
  text: string
  /** Names within the text, which stand out. */
  names: string[]
  /** The ticket that it is about beside this one. */
  ticket?: number
  /** The message that it is about. */
  message?: number
  icon: 'change' | 'opened' | 'assigned' | 'merged' | 'split' | 'linked' | 'trash' | 'edited'
  /** A ticket that was merged into this one: its messages can be split off again. */
  mergedHere?: number
}

/** How custom fields of this desk are called, and how their values read; `path`: `custom.seats`. */
export interface FieldWords {
  label: (path: string) => string | undefined
  value: (path: string, value: unknown) => string | undefined
}

type Did = { text: string; names?: string[]; icon?: Told['icon'] }

/** A value as one reads it; undefined for one that has no words. */
function worded(value: unknown): string | undefined {
  if (typeof value === 'boolean') return value ? t.yes : t.no
  if (Array.isArray(value)) return value.every((each) => !isObject(each)) ? value.join(', ') : undefined
  return isObject(value) ? undefined : String(value)
}

const isEmpty = (value: unknown) => value === null || value === undefined || value === ''

function describeValue(
  field: string,
  before: unknown,
  after: unknown,
  custom?: (value: unknown) => string | undefined,
): Did {
  const word = (value: unknown) => {
    if (custom) return isEmpty(value) ? undefined : custom(value)
    if (typeof value !== 'string' || value === '') return worded(value)
    if (field === 'status' || field === 'priority') return inOwnWord(field, value)
    if (field === 'type') return typeWord(value)
    return field === 'language' ? languageName(value) : value
  }
  const [from, to] = [word(before), word(after)]
  if (isEmpty(after)) return { text: from && !isEmpty(before) ? t.did.cleared(field, from) : t.did.altered(field) }
  if (!to) return { text: t.did.altered(field) }
  return { text: isEmpty(before) || !from ? t.did.set(field, to) : t.did.changed(field, from, to) }
}

function describeAssignment(before: unknown, after: unknown, actor: string | undefined): Did {
  const [from, to] = [before, after].map((name) => (isEmpty(name) ? undefined : String(name)))
  const names = [from, to].filter((name) => name !== undefined)
  if (to && to === actor) return { text: t.did.tookOver, icon: 'assigned' }
  if (from && to) return { text: t.did.handedOver(from, to), names, icon: 'assigned' }
  if (to) return { text: t.did.assigned(to), names, icon: 'assigned' }
  if (from && from === actor) return { text: t.did.leftIt, icon: 'assigned' }
  return from ? { text: t.did.unassigned(from), names, icon: 'assigned' } : { text: '' }
}

function describeCustom(before: unknown, after: unknown, words: FieldWords): Did[] {
  const [was, is] = [isObject(before) ? before : {}, isObject(after) ? after : {}]
  const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])]
  const changed = keys.filter((key) => JSON.stringify(was[key]) !== JSON.stringify(is[key]))
  // A field that is gone has no label any more.
  return changed.map((key) => {
    const path = `custom.${key}`
    return describeValue(words.label(path) ?? key, was[key], is[key], (value) => words.value(path, value))
  })
}

/** What comes with another change, and columns that nobody chose. */
const SILENT = ['deleted_by', 'created_at', 'updated_at', 'sun_team_ids', 'load', 'balancing', 'external_origin']

function describeChange(key: string, [before, after]: unknown[], words: FieldWords, actor: string | undefined): Did[] {
  switch (key) {
    case 'tags': {
      const [was, is] = [textsOf(before), textsOf(after)]
      const added = is.filter((tag) => !was.includes(tag))
      const removed = was.filter((tag) => !is.includes(tag))
      return [
        ...(added.length ? [{ text: t.did.tagsAdded(added.join(', '), added.length) }] : []),
        ...(removed.length ? [{ text: t.did.tagsRemoved(removed.join(', '), removed.length) }] : []),
      ]
    }
    case 'assignee':
      return [describeAssignment(before, after, actor)]
    case 'custom':
      return describeCustom(before, after, words)
    case 'required_skills':
      return [{ text: t.did.skills }]
    case 'preferred_skills':
      return [{ text: t.did.preferred }]
    case 'deleted_at':
      return [{ text: isEmpty(after) ? t.did.restored : t.did.trashed, icon: 'trash' }]
    default:
      return SILENT.includes(key) ? [] : [describeValue(key, before, after)]
  }
}

const isRule = (kind: unknown): kind is keyof typeof t.rule => typeof kind === 'string' && Object.hasOwn(t.rule, kind)

/** Who did it: a person, a rule with its name, or the desk by itself. */
function actorOf({ actor, data }: EventItem): { text: string; names: string[] } {
  const rule = data.caused_by
  if (isObject(rule)) {
    const word = isRule(rule.kind) ? t.rule[rule.kind] : t.rule.other
    return { text: word(String(rule.name)), names: [String(rule.name)] }
  }
  return actor ? { text: actor.name, names: [actor.name] } : { text: t.automatically, names: [] }
}

const LINKS = {
  merged: [t.did.mergedAway, t.did.mergedHere],
  split: [t.did.splitFrom, t.did.splitInto],
  incident: [t.did.incidentOf, t.did.problemOf],
  child: [t.did.childOf, t.did.parentOf],
  follow_up: [t.did.followUpOf, t.did.followedUpBy],
  related: [t.did.related, t.did.related],
} as const

const isLink = (kind: unknown): kind is keyof typeof LINKS => typeof kind === 'string' && Object.hasOwn(LINKS, kind)

/** A link is told on both tickets, each time as seen from this one. */
function describeLink(item: EventItem, ticket: number): Omit<Told, 'text' | 'names'> & Did {
  const { kind } = item.data
  const [one, other] = [Number(item.data.ticket_id), Number(item.data.other_id)]
  const away = one === ticket
  const partner = away ? other : one
  const words = isLink(kind) ? LINKS[kind] : LINKS.related
  return {
    text: words[away ? 0 : 1](partner),
    names: [`#${partner}`],
    ticket: partner,
    icon: kind === 'merged' ? 'merged' : kind === 'split' ? 'split' : 'linked',
    ...(kind === 'merged' && !away ? { mergedHere: partner } : {}),
  }
}

/** Null for an event that says nothing to a reader: a mention stands in its message. */
export function describeEvent(item: EventItem, ticket: number, words: FieldWords): Told | null {
  const actor = actorOf(item)
  const tell = ({ text, names = [], icon = 'change', ...rest }: Omit<Told, 'text' | 'names' | 'icon'> & Did): Told => ({
    ...rest,
    icon,
    text: t.sentence(actor.text, text),
    names: [...actor.names, ...names],
  })
  const about = item.message_id ? { message: item.message_id } : {}
  const note = item.data.kind === 'note'
  switch (item.name) {
    case 'ticket.created':
      return item.actor ? tell({ text: t.did.opened, icon: 'opened' }) : null
    case 'ticket.updated': {
      const parts = Object.entries(item.changes)
        .flatMap(([key, change]) => describeChange(key, change, words, item.actor?.name))
        .filter(({ text }) => text)
      if (!parts.length) return null
      return tell({
        text: parts.map(({ text }) => text).join(', '),
        names: parts.flatMap(({ names = [] }) => names),
        icon: parts.find(({ icon }) => icon)?.icon ?? 'change',
      })
    }
    case 'ticket.deleted':
      return tell({ text: t.did.deleted, icon: 'trash' })
    case 'ticket.archived':
      return tell({ text: t.did.archived, icon: 'change' })
    case 'ticket.unarchived':
      return tell({ text: t.did.unarchived, icon: 'change' })
    case 'ticket.merged':
    case 'ticket.linked':
      return tell(describeLink(item, ticket))
    case 'cc.added':
    case 'cc.removed': {
      const person = typeof item.data.person === 'string' ? item.data.person : t.did.formerPerson
      const added = item.name === 'cc.added'
      return tell({ text: added ? t.did.ccAdded(person) : t.did.ccRemoved(person), names: [person] })
    }
    case 'message.edited':
      return tell({ text: t.did.edited(note), icon: 'edited', ...about })
    case 'ticket.redacted':
      return tell({ text: t.did.erased, icon: 'edited' })
    case 'message.redacted':
      return tell({ text: t.did.redacted(note), icon: 'edited', ...about })
    case 'sla.near_breach':
      return { text: t.sla.near(t.sla.metric(item.data.metric)), names: [], icon: 'change' }
    case 'sla.breached':
      return { text: t.sla.breached(t.sla.metric(item.data.metric)), names: [], icon: 'change' }
    // The clocks themselves are shown elsewhere.
    case 'sla.activated':
    case 'sla.applied':
    case 'sla.paused':
    case 'sla.fulfilled':
    case 'message.created':
    case 'user.mentioned':
      return null
    default:
      return tell({ text: t.did.other(item.name), icon: 'change' })
  }
}
