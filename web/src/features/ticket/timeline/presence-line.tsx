import { Eye, PencilLine } from 'lucide-react'
import type { Person } from '@/realtime/socket'
import { Emphasized } from './emphasized'
import { t } from './messages'

const WRITING: Record<string, (name: string) => string> = {
  writing_reply: t.writingReply,
  writing_note: t.writingNote,
}

/** Who else is here, in one line that keeps its place: those who write first. */
export function PresenceLine({ others }: { others: Person[] }) {
  const writing = others.filter(({ state }) => WRITING[state])
  const names = others.filter((person) => !writing.includes(person)).map(({ name }) => name)
  const last = names.at(-1)
  return (
    <div role="status" className="mx-auto flex h-6 max-w-[740px] items-center gap-x-4 text-[12px] text-dim">
      {writing.map((person) => (
        <span key={person.id} className="flex min-w-0 items-center gap-1.5">
          <PencilLine size={13} aria-hidden className="shrink-0" />
          <span className="truncate">
            <Emphasized text={WRITING[person.state]?.(person.name) ?? ''} names={[person.name]} />
          </span>
        </span>
      ))}
      {last && (
        <span className="flex min-w-0 items-center gap-1.5">
          <Eye size={13} aria-hidden className="shrink-0" />
          <span className="truncate">
            <Emphasized
              text={t.looking(names.length > 1 ? t.and(names.slice(0, -1).join(', '), last) : last, names.length)}
              names={names}
            />
          </span>
        </span>
      )}
    </div>
  )
}
