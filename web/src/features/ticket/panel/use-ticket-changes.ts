/** Changes of the ticket on screen, and what became of them: refused values, conflicts, and what solving asks for. */
import { useEffect, useRef, useState } from 'react'
import { toast } from '@/components/ui/toast'
import { Discarded } from '@/desk/acts'
import { useChangeTicket } from '@/desk/change-tickets'
import { Conflict, currentOf } from '@/desk/conflicts'
import { type Missing, missingOf } from '@/desk/required'
import { pathsOf, setTags, type TicketChange } from '@/desk/ticket-changes'
import type { Ticket } from '@/desk/tickets'
import { ApiProblem } from '@/lib/api/client'
import type { Refusal } from '../ticket-context'
import { t } from './messages'
import { type ConflictOfTicket, conflictFrom, conflictWithout, joined, valueIn } from './open-conflict'

type Refusals = Record<string, Refusal>

/** `required_skills.german` belongs to the field `required_skills`; a custom field has its own path. */
const fieldOf = (path: string) => (path.startsWith('custom.') ? path : (path.split(/[.[]/)[0] ?? path))

/** Written by hand, and so worth keeping. */
const isTyped = (path: string) => path === 'subject' || path.startsWith('custom.')

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
  const onScreen = useRef(false)
  useEffect(() => {
    onScreen.current = true
    return () => {
      onScreen.current = false
    }
  }, [])
  const dismiss = (path: string) => setRefusals((now) => without(now, [path]))

  /** Nobody is at the ticket any more to be asked. */
  const tellElsewhere = (change: TicketChange, error: Error, seen: Ticket | undefined) => {
    void changeTicket.tell(error, change, seen)
    return false
  }

  /** The server failed: what was typed stays in its field, and can be sent again from there. */
  const keepTyped = (change: TicketChange, error: Error, seen: Ticket | undefined) => {
    const paths = pathsOf(change)
    if (!onScreen.current || !paths.every(isTyped)) return tellElsewhere(change, error, seen)
    const again = () => void apply(change, seen)
    const kept = paths.map((path) => [path, { message: error.message, value: valueIn(change, path), again }])
    setRefusals((now) => ({ ...now, ...Object.fromEntries(kept) }))
    return false
  }

  const apply = async (change: TicketChange, seen?: Ticket): Promise<boolean> => {
    const before = seen ?? ticket
    // What was asked about the same fields is answered by this; about others it still is.
    setConflict((now) => now && conflictWithout(now, pathsOf(change)))
    // Only what is sent anew: another value that was refused stays where it is, with what is wrong with it.
    setRefusals((now) => without(now, pathsOf(change)))
    try {
      await changeTicket.mutateAsync(change, seen)
      setMissing(null)
      return true
    } catch (error) {
      if (error instanceof Discarded) return false
      if (!(error instanceof ApiProblem)) return keepTyped(change, error as Error, seen)
      if (error.status === 409) {
        const merged = error instanceof Conflict ? mergedTags(before, change, error) : undefined
        if (merged && error instanceof Conflict && (await apply(merged))) {
          toast(t.conflict.merged(error.people.join(', ')))
          return true
        }
        if (!onScreen.current || !currentOf(error)) return tellElsewhere(change, error, seen)
        const asked = conflictFrom(change, error)
        setConflict((now) => joined(now, asked))
        return false
      }
      if (!error.problems.length) return keepTyped(change, error, seen)
      if (!onScreen.current) return tellElsewhere(change, error, seen)
      const asked = missingOf(change, error)
      if (asked) setMissing(asked)
      else {
        const refused = error.problems.map(({ path, message }) => [
          fieldOf(path),
          { message, value: valueIn(change, fieldOf(path)) },
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
