/** What the database itself writes into a conversation, in the reader's language. */
import { asItCame } from '@/lib/api/told'
import { t } from './messages'

const PROBLEM_SOLVED = 'The problem behind your request has been solved.'
const INCIDENT_LEFT = /^Problem (\d+) was solved; this incident could not be: (.*)$/s

/** `reason`: words of a problem that is kept as text. */
export function describeSystem(text: string, reason: (kept: string) => string): { text: string; ticket?: number } {
  if (text === PROBLEM_SOLVED) return { text: t.system.problemSolved }
  const [, problem, why] = INCIDENT_LEFT.exec(text) ?? []
  if (problem && why) return { text: t.system.incidentLeft(reason(why)), ticket: Number(problem) }
  // One of another version of the desk.
  return { text: asItCame(text) }
}
