import clsx from 'clsx'
import { Lock } from 'lucide-react'
import { Suspense, useRef, useState } from 'react'
import { Avatar } from '@/components/ui/avatar'
import { At } from '@/desk/at'
import type { MessageItem } from '@/desk/timeline'
import { useTimes } from '@/desk/times'
import { lazyPart } from '@/lib/lazy-part'
import { EditMessage } from './edit-message'
import { Files } from './files'
import { MessageHtml } from './message-html'
import { MessageMenu } from './message-menu'
import { MessageText } from './message-text'
import { t } from './messages'

const Viewer = lazyPart(() => import('./viewer'))
const RedactDialog = lazyPart(() => import('./redact-dialog'))

/** A reply or a note in the conversation. */
export function Message({
  ticket,
  item,
  onSplit,
}: {
  ticket: number
  item: MessageItem
  /** Makes a ticket of it. */
  onSplit: () => void
}) {
  const { full } = useTimes()
  const article = useRef<HTMLElement>(null)
  const [viewed, setViewed] = useState<number | null>(null)
  const [editing, setEditing] = useState(false)
  const [redacting, setRedacting] = useState<string | null>(null)
  const note = item.message_kind === 'note'
  // After a merge other customers speak here as well.
  const ours = item.author?.role !== 'customer'
  const author = item.author?.name ?? t.theSystem
  const selectedWords = () => {
    const selection = document.getSelection()
    return selection && article.current?.contains(selection.anchorNode) ? selection.toString().trim() : ''
  }
  const images = item.attachments.filter((file) => file.type.startsWith('image/'))
  return (
    <li id={`message-${item.id}`} className="flex scroll-my-4 gap-3 rounded-lg">
      <span className="max-md:hidden">
        <Avatar name={item.author?.name ?? t.system} size={28} />
      </span>
      <article
        ref={article}
        aria-label={note ? t.note(author) : t.message(author)}
        className={clsx(
          'group min-w-0 flex-1',
          (note || ours) && 'rounded-lg border px-3.5 py-2.5',
          note ? 'border-note-line bg-note' : ours && 'border-line bg-agent',
        )}
      >
        <header className="mb-0.5 flex items-center gap-2">
          <span className="md:hidden">
            <Avatar name={item.author?.name ?? t.system} size={24} />
          </span>
          <strong dir="auto" className="min-w-0 truncate font-semibold">
            {item.author?.name ?? t.system}
          </strong>
          {note && (
            <span className="flex shrink-0 items-center gap-1 text-[12px] text-note-ink">
              <Lock size={11} aria-hidden /> {t.internalNote}
            </span>
          )}
          <span className="ms-auto flex shrink-0 items-center gap-2 text-[12px] text-dim">
            <MessageMenu
              item={item}
              onEdit={() => setEditing(true)}
              onRedact={() => setRedacting(selectedWords())}
              onSplit={onSplit}
            />
            {item.redacted_at && <span title={t.redactedAt(full(item.redacted_at))}>{t.redacted}</span>}
            {item.edited_at && !item.redacted_at && <span title={t.editedAt(full(item.edited_at))}>{t.edited}</span>}
            <At iso={item.at} />
          </span>
        </header>
        {editing ? (
          <EditMessage ticket={ticket} item={item} onClose={() => setEditing(false)} />
        ) : item.body_html ? (
          <MessageHtml html={item.body_html} onImage={setViewed} />
        ) : (
          <MessageText text={item.body_text} quoteFrom={item.quote_from} />
        )}
        <Files files={item.attachments} onOpen={setViewed} />
      </article>
      <Suspense>
        {viewed !== null && <Viewer images={images} first={viewed} onClose={() => setViewed(null)} />}
        {redacting !== null && (
          <RedactDialog ticket={ticket} message={item.id} words={redacting} onClose={() => setRedacting(null)} />
        )}
      </Suspense>
    </li>
  )
}
