import { useQuery } from '@tanstack/react-query'
import { Ellipsis, Pin, PinOff, Plus, SquarePen, Trash2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Avatar } from '@/components/ui/avatar'
import { Button } from '@/components/ui/button'
import { ErrorState } from '@/components/ui/error-state'
import { Menu } from '@/components/ui/menu'
import { Skeleton } from '@/components/ui/skeleton'
import { Told } from '@/components/ui/told'
import { Discarded } from '@/desk/acts'
import { useNotes } from '@/desk/customer-notes'
import { type About, type CustomerNote, notesQuery } from '@/desk/customers'
import { meQuery } from '@/desk/me'
import { tellRefusal } from '@/desk/offered-act'
import { useTimes } from '@/desk/times'
import { useKept } from '@/lib/use-kept'
import { t } from './messages'

/** What colleagues noted of a customer: added, changed, pinned and removed where it stands. */
export function Notes({
  about,
  name,
  asked,
  onAsked,
}: {
  about: About
  name: string
  /** A key asks for a new one. */
  asked: boolean
  onAsked: () => void
}) {
  const query = useQuery(notesQuery(about))
  const notes = useNotes(about, name)
  const [writing, setWriting] = useState(false)
  // As it was when somebody began to edit it.
  const [editing, setEditing] = useState<CustomerNote | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each time it is asked for
  useEffect(() => {
    if (!asked) return
    setWriting(true)
    onAsked()
  }, [asked])
  const failed = [notes.add.error, notes.edit.error].find((each) => each && !(each instanceof Discarded))
  const pin = (note: CustomerNote): void =>
    notes.pin.mutate(note, {
      onError: (error) => tellRefusal(note.pinned ? t.unpin : t.pin, error, () => pin(note)),
    })
  const remove = (note: CustomerNote): void =>
    notes.remove.mutate(note, { onError: (error) => tellRefusal(t.remove, error, () => remove(note)) })
  const kept = `note:${about.kind}:${about.id}`
  return (
    <section aria-label={t.notes}>
      <header className="flex h-8 items-center justify-between">
        <h2 className="font-semibold">{t.notes}</h2>
        {!writing && (
          <Button className="-me-2 text-dim max-md:h-11" onClick={() => setWriting(true)}>
            <Plus size={14} aria-hidden /> {t.addNote}
          </Button>
        )}
      </header>
      {writing && (
        <NoteForm
          kept={kept}
          onClose={() => setWriting(false)}
          onRefused={() => setWriting(true)}
          onSave={(text) => notes.add.mutateAsync({ text })}
        />
      )}
      {query.isPending && <Skeleton className="h-16" />}
      {query.error && <ErrorState error={query.error} retry={() => query.refetch()} />}
      {failed && (
        <p role="alert" className="py-1 text-danger [overflow-wrap:anywhere]">
          <Told text={failed.message} />
        </p>
      )}
      {query.data?.items.length === 0 && !writing && <p className="text-[12px] leading-4 text-dim">{t.notesHint}</p>}
      <ul className="space-y-2 pt-1">
        {query.data?.items.map((note) =>
          editing?.id === note.id ? (
            <li key={note.id}>
              <NoteForm
                text={note.body_text}
                kept={`${kept}:${note.id}`}
                onClose={() => setEditing(null)}
                onRefused={() => setEditing(editing)}
                onSave={(text) => notes.edit.mutateAsync({ note, seen: editing, text })}
              />
            </li>
          ) : (
            <Note
              key={note.id}
              note={note}
              onEdit={() => setEditing(note)}
              onPin={() => pin(note)}
              onRemove={() => remove(note)}
            />
          ),
        )}
      </ul>
    </section>
  )
}

function Note({
  note,
  onEdit,
  onPin,
  onRemove,
}: {
  note: CustomerNote
  onEdit: () => void
  onPin: () => void
  onRemove: () => void
}) {
  const times = useTimes()
  const { data: me } = useQuery(meQuery)
  return (
    <li className="group relative rounded-lg border border-note-line bg-note px-3 py-2">
      <div className="pe-6">
        <p className="text-start whitespace-pre-line [overflow-wrap:anywhere]" dir="auto">
          {note.body_text}
        </p>
      </div>
      <p className="mt-1 flex items-center gap-1.5 text-[12px] text-note-ink">
        {note.author && <Avatar name={note.author.name} size={16} />}
        <span>
          {[note.author?.id === me?.id ? t.you : note.author?.name, times.exact(note.created_at)]
            .filter(Boolean)
            .join(', ')}
        </span>
        {note.pinned && (
          <span className="ms-auto flex items-center gap-1 font-medium">
            <Pin size={12} aria-hidden /> {t.pinned}
          </span>
        )}
      </p>
      {/* One that is on its way has no acts yet. */}
      <div className="absolute end-1 top-1" hidden={note.id < 0}>
        <Menu
          label={t.noteActions}
          trigger={
            <button
              type="button"
              aria-label={t.noteActions}
              className="grid size-7 place-items-center rounded-md text-note-ink hover:bg-hover max-md:size-11"
            >
              <Ellipsis size={15} />
            </button>
          }
          items={[
            {
              key: 'pin',
              label: note.pinned ? t.unpin : t.pin,
              icon: note.pinned ? <PinOff size={14} /> : <Pin size={14} />,
              run: onPin,
            },
            { key: 'edit', label: t.edit, icon: <SquarePen size={14} />, run: onEdit },
            { key: 'remove', label: t.remove, icon: <Trash2 size={14} />, run: onRemove },
          ]}
        />
      </div>
    </li>
  )
}

/** What is written is there again when it was closed, or refused: what is saved is shown as a note at once. */
function NoteForm({
  text = '',
  kept,
  onSave,
  onClose,
  onRefused,
}: {
  text?: string
  kept: string
  onSave: (text: string) => Promise<unknown>
  onClose: () => void
  onRefused: () => void
}) {
  const { value: draft, write, forget, startOver, ...begun } = useKept(kept, text)
  const save = () => {
    if (!draft.trim()) return
    forget()
    onClose()
    // The reason stands above.
    onSave(draft.trim()).catch(() => {
      write(draft)
      onRefused()
    })
  }
  return (
    <form
      className="mb-2 rounded-lg border border-note-line bg-note p-2"
      onSubmit={(event) => {
        event.preventDefault()
        save()
      }}
    >
      <textarea
        // biome-ignore lint/a11y/noAutofocus: they have just asked to write it
        autoFocus
        rows={3}
        dir="auto"
        aria-label={t.writeNote}
        placeholder={t.writeNote}
        className="w-full resize-y rounded bg-transparent px-1 outline-none placeholder:text-note-ink max-md:text-[16px]"
        value={draft}
        onChange={(event) => write(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            event.stopPropagation()
            onClose()
          }
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
            event.preventDefault()
            save()
          }
        }}
      />
      <div className="flex justify-end gap-1.5">
        {begun.kept && (
          <Button className="me-auto max-md:h-11" onClick={startOver}>
            {t.startOver}
          </Button>
        )}
        <Button className="max-md:h-11" onClick={onClose}>
          {t.cancel}
        </Button>
        <Button variant="primary" type="submit" className="max-md:h-11" disabled={!draft.trim()}>
          {t.save}
        </Button>
      </div>
    </form>
  )
}
