/** Says in one sentence why a person got the ticket or did not. */
import type { Schemas } from '@/lib/api/client'
import { t } from './messages'

export type Candidate = Schemas['Candidate']

/** How the API says why somebody does not fit, and how a reader is told. Times are told in the reader's zone. */
const WORDS: [RegExp, (found: RegExpExecArray, at: (iso: string) => string) => string][] = [
  [/^lacks (.+)$/, ([, skills = '']) => t.reason.lacks(skillsIn(skills))],
  [/^is full/, () => t.reason.full],
  [/^is not on shift before (.+)$/, ([, when = ''], at) => t.reason.shiftStarts(told(when, at))],
  [/^is not on shift/, () => t.reason.offShift],
  [/^is not offered more before (.+)$/, ([, when = ''], at) => t.reason.later(told(when, at))],
  [/^is away/, () => t.reason.away],
  [/^is busy/, () => t.reason.busy],
  [/^is offline/, () => t.reason.offline],
  [/^is no agent/, () => t.reason.noAgent],
  [/^may no longer log in/, () => t.reason.noLogIn],
]

/** A time as PostgreSQL writes it, 2026-11-27 08:00:00+00, for everybody to read. */
const told = (text: string, at: (iso: string) => string) => {
  const iso = text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00')
  return Number.isNaN(Date.parse(iso)) ? text : at(iso)
}

/** "german at level 2, refunds at level 1" */
const skillsIn = (text: string) =>
  text
    .split(', ')
    .map((skill) => /^(.+) at level (\d)$/.exec(skill))
    .map((found) => (found ? t.skill(found[1] ?? '', Number(found[2])) : ''))
    .filter(Boolean)
    .join(', ') || text

const share = ({ open, capacity }: Candidate) => open / Math.max(capacity, 1)

export const isAway = ({ fits, why }: Candidate) =>
  !fits && /^(is (away|busy|offline|no agent|not on shift)|may no longer)/.test(why)

/** `assignee`: who has the ticket; `at`: a time as the reader reads it. */
export function describeCandidate(
  person: Candidate,
  all: Candidate[],
  assignee: number | undefined,
  at: (iso: string) => string,
): string {
  const chosen = all.find(({ user_id }) => user_id === assignee)
  if (!person.fits) {
    for (const [pattern, words] of WORDS) {
      const found = pattern.exec(person.why)
      if (found) return words(found, at)
    }
    return person.why
  }
  const fitting = all.filter(({ fits }) => fits)
  if (person.user_id === assignee) {
    if (fitting.length === 1) return t.reason.onlyOne
    return fitting.every((other) => share(other) >= share(person)) ? t.reason.leastBusy : t.reason.fitsAsWell
  }
  if (!chosen) return t.reason.fitsAsWell
  return share(person) < share(chosen) ? t.reason.fitsLessBusy : t.reason.fitsBusier
}
