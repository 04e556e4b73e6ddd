import { plural } from '@/lib/messages'

const FIELDS: Record<string, string> = {
  subject: 'subject',
  description: 'text',
  status: 'status',
  priority: 'priority',
  type: 'type',
  channel: 'channel',
  team: 'team',
  form: 'form',
  tags: 'tags',
  language: 'language',
  organization: 'organization',
  'requester.email': 'requester’s e-mail',
  'requester.name': 'requester’s name',
  'requester.locale': 'requester’s language',
  'message.text': 'message',
}

/** Without a language: a ticket is written in one, a requester speaks one. */
const LANGUAGE: Record<string, (value: string) => string> = {
  language: (value) => `is not written in ${value}`,
  'requester.locale': (value) => `requester does not speak ${value}`,
}

/** `label`: of a field of this desk's own. */
const named = (field: string, label: string | undefined) => label ?? FIELDS[field] ?? field.replace(/[._]/g, ' ')

export default {
  title: 'Why this person',
  why: 'why',
  whyLabel: 'Why routing chose this',
  rules: 'Rules, in their order',
  firstWins: 'Rules, first match wins',
  noRules: 'This desk has no routing rules.',
  matched: 'matched',
  alsoMatched: 'matched, goes on',
  matchesOnlyNow: 'matches now, did not then',
  /** Why it was this person, when it was decided. */
  decided: {
    at: (when: string) => `Assigned by routing on ${when}:`,
    waited: 'the ticket was waiting, and they had free capacity for it.',
    byRule: 'a rule named them.',
    strategies: {
      least_loaded: 'the least busy of everyone who fitted.',
      round_robin: 'next in turn among everyone who fitted.',
      most_skilled: 'the most skilled of everyone who fitted.',
      follow_the_sun: 'the least busy in the team that was on duty.',
    } as Record<string, string>,
    load: (open: number, capacity: number) => `They had ${open} of ${capacity} slots in use.`,
    passedOver: 'Who else had room then',
    formerColleague: 'A former colleague',
    whyNot: {
      busier: (percent: number) => `was not ahead: ${percent}% in use`,
      laterInTurn: 'was later in turn',
      lessSkilled: 'had lower levels of the skills, or was busier',
      reasons: {
        lacks_skills: 'lacked a skill',
        paced: 'had just been given a ticket',
        off_shift: 'was not on shift',
        full: 'had too little room for this ticket',
      } as Record<string, string>,
      other: 'was not chosen',
    },
    byHand: 'Assigned by a person or a rule, not chosen by routing. “Who has had it” says by whom.',
  },
  more: (count: number) => `${count} more`,
  people: (team: string) => `Who in ${team} could take it now`,
  peopleWith: (team: string, skills: string) => `Who in ${team} could take it now. It takes the skill ${skills}.`,
  list: (values: string[]) => new Intl.ListFormat('en', { type: 'disjunction' }).format(values),
  and: (before: string, last: string) => `${before} and ${last}`,
  skill: (name: string, level: number) => (level > 1 ? `${name} (level ${level})` : name),
  skillNeeded: (name: string, level: number) => (level > 1 ? `${name} (level ${level} or higher)` : name),
  noTeam: 'The ticket has no team, so nobody is looked for.',
  noPeople: 'This team has no members.',
  away: (count: number) => `${count} more ${plural(count, 'is', 'are')} away`,
  load: (open: number, capacity: number) => `${open} of ${capacity} slots in use`,
  chosen: 'Has the ticket',
  failed: 'The reasons could not be loaded.',
  tryAgain: 'Try again',
  reason: {
    hasRoom: 'Has free capacity',
    full: 'Is at full capacity',
    lacks: (skills: string) => `Lacks the skill ${skills}`,
    offShift: 'Is not on shift',
    shiftStarts: (when: string) => `Is not on shift before ${when}`,
    later: (when: string) => `Gets no new tickets before ${when}`,
    away: 'Is away',
    busy: 'Is busy with something else',
    offline: 'Is offline',
    noAgent: 'Is not an agent',
    noLogIn: 'May no longer log in',
  },
  condition: {
    word: (words: string) => `no word ${words}`,
    text: (field: string, label: string | undefined, value: string) => `${named(field, label)} without ${value}`,
    isNot: (field: string, label: string | undefined, value: string) =>
      LANGUAGE[field]?.(value) ?? `${named(field, label)} is not ${value}`,
    is: (field: string, label: string | undefined, value: string) => `${named(field, label)} is ${value}`,
    empty: (field: string, label: string | undefined) => `no ${named(field, label)}`,
    present: (field: string, label: string | undefined) => `has a ${named(field, label)}`,
    lacks: (values: string) => `no tag ${values}`,
    has: (values: string) => `has the tag ${values}`,
    time: 'outside its hours',
    group: (count: number) => `none of ${count} conditions`,
    some: 'a condition fails',
    or: (before: string, last: string) => `${before} or ${last}`,
  },
  history: 'Who has had it',
  had: {
    unassigned: 'Nobody',
    noTeam: 'no team',
    since: (when: string) => `since ${when}`,
    fromTo: (from: string, to: string) => `${from} – ${to}`,
    by: (name: string) => `by ${name}`,
    byDesk: 'by the desk',
  },
}
