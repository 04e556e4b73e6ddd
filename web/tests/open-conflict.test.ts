import { describe, expect, it } from 'vitest'
import { changeWithout, type TicketChange } from '@/desk/ticket-changes'
import { type ConflictOfTicket, conflictWithout, joined } from '@/features/ticket/panel/open-conflict'

const priority: TicketChange = { body: { priority: 'urgent' }, shown: { priority: 'urgent' } }
const field: TicketChange = { body: { custom: { app: '1.1' } }, shown: { custom: { app: '1.1' } } }
const solving: TicketChange = { verb: 'solve', body: {}, shown: { status: 'solved', status_category: 'solved' } }

const conflict = (change: TicketChange, path: string, who = 'Maya'): ConflictOfTicket => ({
  change,
  people: [who],
  clashes: [{ path, theirs: 'theirs' }],
  now: undefined,
})

describe('several conflicts of one ticket', () => {
  it('are one question with each of their fields', () => {
    const both = joined(conflict(priority, 'priority'), conflict(field, 'custom.app', 'Ada'))
    expect(both.clashes.map(({ path }) => path)).toEqual(['priority', 'custom.app'])
    expect(both.people).toEqual(['Maya', 'Ada'])
    expect(both.change.body).toEqual({ priority: 'urgent', custom: { app: '1.1' } })
    expect(both.change.shown).toEqual({ priority: 'urgent', custom: { app: '1.1' } })
  })

  it('ask once about a field that was set twice, with what was set last', () => {
    const later: TicketChange = { body: { priority: 'low' }, shown: { priority: 'low' } }
    const both = joined(conflict(priority, 'priority'), conflict(later, 'priority'))
    expect(both.clashes).toHaveLength(1)
    expect(both.change.body).toEqual({ priority: 'low' })
  })

  it('ask about solving beside the fields of another', () => {
    const whole = { ...conflict(solving, ''), clashes: [] }
    const both = joined(conflict(priority, 'priority'), whole)
    expect(both.clashes.map(({ path }) => path)).toEqual(['priority', 'status'])
    expect(both.change.verb).toBe('solve')
  })

  it('leave the others when one is settled, and nothing when all are', () => {
    const both = joined(conflict(priority, 'priority'), conflict(field, 'custom.app'))
    expect(conflictWithout(both, ['priority'])).toMatchObject({
      change: { body: { custom: { app: '1.1' } } },
      clashes: [{ path: 'custom.app' }],
    })
    expect(conflictWithout(both, ['priority', 'custom.app'])).toBeNull()
    expect(conflictWithout(both, ['tags'])?.clashes).toHaveLength(2)
  })
})

describe('a change without some of its fields', () => {
  it('neither sends nor shows them', () => {
    const assigned = { body: { assignee_id: 7, priority: 'low' }, shown: { assignee: null, priority: 'low' } }
    expect(changeWithout(assigned, ['assignee_id'])).toEqual({ body: { priority: 'low' }, shown: { priority: 'low' } })
  })

  it('solves no longer when the status of the other person stays', () => {
    expect(changeWithout(solving, ['status'])).toEqual({ body: {}, shown: {} })
  })
})
