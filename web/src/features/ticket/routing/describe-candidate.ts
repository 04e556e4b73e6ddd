/** Says in one sentence why a person got the ticket or did not. */
import type { Schemas } from '@/lib/api/client'
import { t } from './messages'

export type Candidate = Schemas['Candidate']

type Reason = Exclude<Candidate['reason'], 'has_room'>

const skillsIn = (lacks: Candidate['lacks']) =>
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
  full: () => t.reason.full,
  paced: ({ until }, at) => t.reason.later(until ? at(until) : ''),
}

const AWAY: Candidate['reason'][] = ['no_log_in', 'no_agent', 'away', 'busy', 'offline', 'off_shift']

const share = ({ open, capacity }: Candidate) => open / Math.max(capacity, 1)

export const isAway = ({ reason }: Candidate) => AWAY.includes(reason)

/** `assignee`: who has the ticket; `at`: a time as the reader reads it. */
export function describeCandidate(
  person: Candidate,
  all: Candidate[],
  assignee: number | undefined,
  at: (iso: string) => string,
): string {
  const chosen = all.find(({ user_id }) => user_id === assignee)
  if (person.reason !== 'has_room') return WORDS[person.reason](person, at)
  const fitting = all.filter(({ fits }) => fits)
  if (person.user_id === assignee) {
    if (fitting.length === 1) return t.reason.onlyOne
    return fitting.every((other) => share(other) >= share(person)) ? t.reason.leastBusy : t.reason.fitsAsWell
  }
  if (!chosen) return t.reason.fitsAsWell
  return share(person) < share(chosen) ? t.reason.fitsLessBusy : t.reason.fitsBusier
}
