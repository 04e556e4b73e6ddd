import { useQuery } from '@tanstack/react-query'
import { Pin } from 'lucide-react'
import { type About, notesQuery } from './customers'
import { useTimes } from './times'

/** The notes pinned to a customer and to their organization: on their pages, and above the composer of their tickets. */
export const PinnedNote = ({
  user,
  organization,
}: {
  user?: number | undefined
  organization?: number | undefined
}) => (
  <>
    {user !== undefined && <Pinned about={{ kind: 'customer', id: user }} />}
    {organization !== undefined && <Pinned about={{ kind: 'organization', id: organization }} />}
  </>
)

function Pinned({ about }: { about: About }) {
  const times = useTimes()
  // Without it a ticket can be answered as well: nothing is said when it cannot be read.
  const note = useQuery({ ...notesQuery(about), staleTime: 60_000, retry: false }).data?.items.find(
    ({ pinned }) => pinned,
  )
  if (!note) return null
  return (
    <p className="flex items-start gap-2.5 rounded-lg border border-note-line bg-note px-3 py-2">
      <Pin size={14} className="mt-[3px] shrink-0 text-note-ink" aria-hidden />
      <span className="min-w-0 flex-1 text-start whitespace-pre-line [overflow-wrap:anywhere]" dir="auto">
        {note.body_text}
      </span>
      <span className="shrink-0 text-[12px] text-note-ink">
        {[note.author?.name.split(' ')[0], times.exact(note.created_at)].filter(Boolean).join(', ')}
      </span>
    </p>
  )
}
