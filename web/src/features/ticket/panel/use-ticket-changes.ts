/** Changes of the ticket on screen, and what became of them: refused values, conflicts, and what solving asks for. */
import { useState } from 'react'
import { toast } from '@/components/ui/toast'
import { Discarded } from '@/desk/acts'
import { useChangeTicket } from '@/desk/change-tickets'
import { Conflict, currentOf } from '@/desk/conflicts'
import { type Missing, missingOf } from '@/desk/required'
import { pathsOf, setTags, type TicketChange } from '@/desk/ticket-changes'
import type { Ticket } from '@/desk/tickets'
import { ApiProblem } from '@/lib/api/client'
import { memberOf } from '@/lib/api/open'
import type { Refusal } from '../ticket-context'
import { t } from './messages'

export interface ConflictOfTicket {
  change: TicketChange
  conflict: Conflict | ApiProblem
}

type Refusals = Record<string, Refusal>

const valueAt = ({ body }: TicketChange, path: string): unknown =>
  path.startsWith('custom.') ? body.custom?.[path.slice('custom.'.length)] : memberOf(body, path.split(/[.[]/)[0] ?? '')

/** `required_skills.german` belongs to the field `required_skills`; a custom field has its own path. */
const fieldOf = (path: string) => (path.startsWith('custom.') ? path : (path.split(/[.[]/)[0] ?? path))

const without = (refusals: Refusals, paths: string[]) =>
  Object.fromEntries(Object.entries(refusals).filter(([path]) => !paths.includes(path)))

/** Both have changed the tags: each keeps what they added and removed. */
function mergedTags(before: Ticket, change: TicketChange, conflict: Conflict): TicketChange | undefined {
  const mine = change.shown.tags
  const theirs = currentOf(conflict)?.tags
  if (!mine || !theirs || conflict.clashes.some(({ path }) => path !== 'tags')) return undefined
  const removed = before.tags.filter((tag) => !mine.includes(tag))
  return setTags([
    ...new Set([
      ...theirs.filter((tag) => !removed.includes(tag)),
      ...mine.filter((tag) => !before.tags.includes(tag)),
    ]),
  ])
}

export function useTicketChanges(ticket: Ticket) {
  const changeTicket = useChangeTicket(ticket.id)
  const [refusals, setRefusals] = useState<Refusals>({})
  const [conflict, setConflict] = useState<ConflictOfTicket | null>(null)
  const [missing, setMissing] = useState<Missing | null>(null)
  const dismiss = (path: string) => setRefusals((now) => without(now, [path]))

  const apply = async (change: TicketChange): Promise<boolean> => {
    const before = ticket
    setConflict(null)
    // Only what is sent anew: another value that was refused stays where it is, with what is wrong with it.
    setRefusals((now) => without(now, pathsOf(change)))
    try {
      await changeTicket.mutateAsync({ change, version: before.version })
      setMissing(null)
      return true
    } catch (error) {
      if (error instanceof Discarded || !(error instanceof ApiProblem)) return false
      if (error.status === 409) {
        const merged = error instanceof Conflict ? mergedTags(before, change, error) : undefined
        if (merged && error instanceof Conflict && (await apply(merged))) {
          toast(t.conflict.merged(error.people.join(', ')))
          return true
        }
        setConflict({ change, conflict: error })
        return false
      }
      const asked = missingOf(change, error)
      if (asked) setMissing(asked)
      else {
        const refused = error.problems.map(({ path, message }) => [
          fieldOf(path),
          { message, value: valueAt(change, path) },
        ])
        setRefusals((now) => ({ ...now, ...Object.fromEntries(refused) }))
      }
      return false
    }
  }
  return {
    apply,
    refusals,
    dismiss,
    conflict,
    endConflict: () => setConflict(null),
    missing,
    endMissing: () => setMissing(null),
  }
}
