/** Says in one sentence whether a person could be given the ticket now, and why not. */
import type { Schemas } from '@/lib/api/client'
import { t } from './messages'

export type Candidate = Schemas['Candidate']

type Reason = Exclude<Candidate['reason'], 'has_room'>

export const skillsIn = (lacks: Candidate['lacks']) =>
  Object.entries(lacks ?? {})
    .map(([skill, level]) => t.skill(skill, Number(level)))
    .join(', ')

/** Why somebody does not fit. `at`: a time as the reader reads it. */
const WORDS: Record<Reason, (person: Candidate, at: (iso: string) => string) => string> = {
  no_log_in: () => t.reason.noLogIn,
  no_agent: () => t.reason.noAgent,
  away: () => t.reason.away,
  busy: () => t.reason.busy,
  offline: () => t.reason.offline,
  off_shift: ({ until }, at) => (until ? t.reason.shiftStarts(at(until)) : t.reason.offShift),
  lacks_skills: ({ lacks }) => t.reason.lacks(skillsIn(lacks)),
  // By weight few tickets can fill somebody's capacity.
  full: ({ open, capacity }) => (open < capacity ? t.reason.full : t.reason.fullWith(open, capacity)),
  paced: ({ until }, at) => t.reason.later(until ? at(until) : ''),
}

const AWAY: Candidate['reason'][] = ['no_log_in', 'no_agent', 'away', 'busy', 'offline', 'off_shift']

export const isAway = ({ reason }: Candidate) => AWAY.includes(reason)

/** How somebody stands now; `at`: a time as the reader reads it. Nothing of it is why the ticket was given to anybody. */
export const describeNow = (person: Candidate, at: (iso: string) => string): string =>
  person.reason === 'has_room' ? t.reason.hasRoom : WORDS[person.reason](person, at)
