import { expect, test } from 'vitest'
import { decisionFor, describeDecision, matchedRules } from '@/features/ticket/routing/decision'
import { type Candidate, describeNow, isAway } from '@/features/ticket/routing/describe-candidate'
import { describeFailure } from '@/features/ticket/routing/describe-condition'
import { describeRouting } from '@/features/ticket/timeline/describe-routing'

const person = (reason: Candidate['reason'], more: Partial<Candidate> = {}): Candidate => ({
  user_id: 7,
  name: 'Ada',
  open: 1,
  capacity: 4,
  fits: reason === 'has_room',
  reason,
  why: 'English that nobody parses',
  ...more,
})
const at = (iso: string) => `<${iso}>`
const told = (one: Candidate) => describeNow(one, at)

test('why somebody does not fit is told by the word of the API and its values', () => {
  expect(told(person('lacks_skills', { lacks: { german: 2, refunds: 1 } }))).toBe(
    'Lacks the skill german (level 2), refunds',
  )
  expect(told(person('off_shift'))).toBe('Is not on shift')
  expect(told(person('off_shift', { until: '2026-11-27T08:00:00Z' }))).toContain('<2026-11-27T08:00:00Z>')
  expect(told(person('paced', { until: '2026-11-27T08:00:00Z' }))).toContain('<2026-11-27T08:00:00Z>')
  expect([isAway(person('busy')), isAway(person('off_shift')), isAway(person('full'))]).toEqual([true, true, false])
})

test('why a ticket went back is told by its word, and in English where an older decision has none', () => {
  const sentence = (explanation: object) =>
    describeRouting(
      { kind: 'routing', id: 1, at: '2026-11-27T08:00:00Z', explanation } as Parameters<typeof describeRouting>[0],
      undefined,
      () => 'Ada',
    )?.text
  const back = { taken_back: 'words', from_user_id: 7 }
  expect(sentence({ ...back, taken_back_reason: 'away_too_long' })).toBe(
    'Taken back from Ada: they have been away for too long',
  )
  expect(sentence(back)).toBe('Taken back from Ada: words')
})

test('those who had room too are told with the reason why it was not them', () => {
  const decision = (balance: string) =>
    decisionFor(
      [
        {
          at: '2026-11-27T08:00:00Z',
          rules: [],
          failed_actions: [],
          balance,
          assignee_id: 7,
          candidates: [
            { user_id: 7, open: 1, capacity: 4, load: 100 },
            { user_id: 8, reason: 'behind', share: 500_000 },
            { user_id: 9, reason: 'lacks_skills', share: 0 },
            { user_id: 11, reason: 'lacks_skills', lacks: { German: 3 }, share: 0 },
            { user_id: 12, reason: 'behind', share: 250_000 },
            { user_id: 10, reason: 'one of a later release' },
          ],
        },
      ],
      7,
    )?.passedOver
  expect(decision('least_loaded')).toEqual([
    { id: 8, why: 'was busier: 50% in use, against 25%' },
    { id: 9, why: 'lacked a skill' },
    { id: 11, why: 'lacked the skill German (level 3)' },
    { id: 12, why: 'was as busy (25% in use), and later in the order' },
    { id: 10, why: 'was not chosen' },
  ])
  expect(decision('round_robin')?.[0]?.why).toBe('was later in turn')
  expect(decision('most_skilled')?.[0]?.why).toBe('had lower levels of the skills, or was busier')
})

const routed = {
  at: '2026-11-27T08:00:00Z',
  rules: [{ id: 5, name: 'Refunds and charges' }],
  balance: 'least_loaded',
  candidates: [{ user_id: 7, open: 3, capacity: 10, load: 0 }],
  assignee_id: 7,
  rules_tried: 2,
  failed_actions: [],
}

test('why somebody was chosen is what was stored then, whatever is so by now', () => {
  const why = (items: unknown, assignee?: number) => {
    const decision = decisionFor(items, assignee)
    return decision && describeDecision(decision, at)
  }
  expect(why([routed], 7)).toBe(
    'Assigned by routing on <2026-11-27T08:00:00Z>: the least busy of everyone who fitted. They had 3 of 10 slots in use.',
  )
  const waiting = { ...routed, assignee_id: null, candidates: [] }
  const offered = { at: '2026-11-27T09:00:00Z', offered: 'had room', assignee_id: 8, rules: [], rules_tried: 0 }
  expect(why([waiting, offered], 8)).toBe(
    'Assigned by routing on <2026-11-27T09:00:00Z>: the ticket was waiting, and they had free capacity for it.',
  )
  expect(matchedRules([waiting, offered])).toEqual(routed.rules)
  // A colleague gave it to them, or nobody has it.
  expect([why([routed], 9), why([routed], undefined), matchedRules([offered])]).toEqual([
    undefined,
    undefined,
    undefined,
  ])
})

test('a language that does not fit is told by its name', () => {
  const not = (field: string, value: unknown) =>
    describeFailure({ all: [{ field, op: 'is', value, found: 'en', holds: false }], holds: false })
  expect(not('language', 'de')).toBe('is not written in German')
  expect(not('requester.locale', 'de')).toBe('requester does not speak German')
  expect(not('requester.locale', ['de', 'fr'])).toBe('requester does not speak German or French')
  expect(not('priority', 'high')).toBe('priority is not high')
})
