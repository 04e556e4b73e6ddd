/** Says in a few words what a change does, for the notice that offers to undo it. */
import { t } from './messages'
import type { TicketChange } from './ticket-changes'

const word = (key: string) => key.replaceAll('_', ' ')

/** `what`: the ticket or the tickets, "#53188". */
export function describeChange({ verb, body, shown }: TicketChange, what: string): string {
  if (verb === 'solve') return t.changed.solved(what)
  if (verb === 'reopen') return t.changed.reopened(what)
  const [key, ...more] = Object.keys(body)
  if (more.length) return t.changed.other(what)
  switch (key) {
    case 'status':
      return t.changed.status(what, word(shown.status ?? ''))
    case 'assignee_id':
      return shown.assignee ? t.changed.assigned(what, shown.assignee.name) : t.changed.unassigned(what)
    case 'team_id':
      return shown.team ? t.changed.team(what, shown.team.name) : t.changed.noTeam(what)
    case 'priority':
      return t.changed.priority(what, word(shown.priority ?? ''))
    case 'type':
      return t.changed.type(what, word(shown.type ?? ''))
    case 'subject':
      return t.changed.subject(what)
    case 'tags':
      return t.changed.tags(what)
    default:
      return t.changed.other(what)
  }
}
