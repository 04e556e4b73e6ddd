import { expect, test } from 'vitest'
import { type Candidate, describeCandidate, isAway } from '@/features/ticket/routing/describe-candidate'
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
const told = (one: Candidate) => describeCandidate(one, [one], undefined, at)

test('why somebody does not fit is told by the word of the API and its values', () => {
  expect(told(person('lacks_skills', { lacks: { german: 2, refunds: 1 } }))).toBe('Lacks german (level 2), refunds')
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
