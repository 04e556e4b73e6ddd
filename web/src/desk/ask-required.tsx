import { useState } from 'react'
import { LazyOverlay } from '@/components/ui/lazy-overlay'
import { lazyPart } from '@/lib/lazy-part'
import { useChangeTickets } from './change-tickets'
import { endAsking, useAsked } from './required'

export const SolveDialog = lazyPart(() => import('./solve-dialog').then((part) => ({ default: part.SolveDialog })))

/** Beside a list: asks for what solving a ticket of it requires. */
export function AskRequired() {
  const asked = useAsked()
  const changeTickets = useChangeTickets()
  const [answers, setAnswers] = useState<Record<number, Record<string, unknown>>>({})
  const id = asked?.row.id ?? 0
  return (
    <LazyOverlay
      part={SolveDialog}
      open={asked !== null}
      missing={asked}
      values={asked?.row.custom ?? {}}
      answers={[answers[id] ?? {}, (next) => setAnswers((now) => ({ ...now, [id]: next }))]}
      solve={async (change) => {
        if (!asked) return
        await changeTickets.mutateAsync({ rows: [asked.row], change })
        endAsking(asked)
      }}
      onClose={() => asked && endAsking(asked)}
    />
  )
}
