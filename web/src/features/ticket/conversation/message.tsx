import clsx from 'clsx'
import { Lock } from 'lucide-react'
import { Avatar } from '@/components/ui/avatar'
import { At } from '@/desk/at'
import type { MessageItem } from '@/desk/timeline'
import { MessageHtml } from './message-html'

/** A reply or a note in the conversation. */
export function Message({ item, mine }: { item: MessageItem; mine: boolean }) {
  const note = item.message_kind === 'note'
  return (
    <li id={`message-${item.id}`} className="flex gap-3 rounded-lg">
      <Avatar name={item.author?.name ?? 'System'} size={28} />
      <article
        aria-label={`${note ? 'Internal note' : 'Message'} from ${item.author?.name ?? 'the system'}`}
        className={clsx(
          'min-w-0 flex-1',
          (note || mine) && 'rounded-lg border px-3.5 py-2.5',
          note ? 'border-note-line bg-note' : mine && 'border-line bg-agent',
        )}
      >
        <header className="mb-0.5 flex items-center gap-2">
          <strong className="font-semibold">{item.author?.name ?? 'System'}</strong>
          {note && (
            <span className="flex items-center gap-1 text-[12px] text-note-ink">
              <Lock size={11} aria-hidden /> Internal note
            </span>
          )}
          <At iso={item.at} className="ml-auto text-[12px] text-dim" />
        </header>
        {item.body_html ? (
          <MessageHtml html={item.body_html} />
        ) : (
          <div className="message whitespace-pre-wrap">{item.body_text}</div>
        )}
      </article>
    </li>
  )
}
