/** Says in a few words what a change does, for the notice that offers to undo it. */
import { t } from './messages'
import type { Known } from './pending-changes'
import type { TicketChange } from './ticket-changes'
import type { ValueLabels } from './value-labels'

/** `what`: the ticket or the tickets, "#53188"; `before`: how the only one was. */
export function describeChange(
  { verb, body, shown }: TicketChange,
  what: string,
  labels: ValueLabels,
  before?: Known,
): string {
  if (verb === 'solve') return t.changed.solved(what)
  if (verb === 'reopen') return t.changed.reopened(what)
  const keys = Object.keys(body)
  if (keys.length && keys.every((key) => key.endsWith('_skills'))) return t.changed.skills(what)
  if (keys.length > 1) return t.changed.other(what)
  switch (keys[0]) {
    case 'status':
      return t.changed.status(what, labels.status(shown.status ?? ''))
    case 'assignee_id':
      if (!shown.assignee) return t.changed.unassigned(what)
      // Nobody takes a colleague's ticket without knowing it.
      return before?.assignee && before.assignee.id !== shown.assignee.id
        ? t.changed.takenOver(what, shown.assignee.name, before.assignee.name)
        : t.changed.assigned(what, shown.assignee.name)
    case 'team_id':
      return shown.team ? t.changed.team(what, shown.team.name) : t.changed.noTeam(what)
    case 'priority':
      return t.changed.priority(what, labels.priority(shown.priority ?? ''))
    case 'type':
      return t.changed.type(what, labels.type(shown.type ?? ''))
    case 'subject':
      return t.changed.subject(what)
    case 'tags':
      return t.changed.tags(what)
    case 'form_id':
      return t.changed.form(what)
    case 'language':
      return t.changed.language(what)
    case 'requester_id':
      return t.changed.requester(what)
    case 'organization_id':
      return t.changed.organization(what)
    case 'custom':
      return t.changed.custom(what)
    default:
      return t.changed.other(what)
  }
}
