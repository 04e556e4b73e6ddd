import clsx from 'clsx'
import { Lock } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { Avatar } from '@/components/ui/avatar'
import { exact } from '@/components/ui/time-ago'
import type { Schemas } from '@/lib/api/client'
import { tell } from './tell'

type Item = Schemas['TimelineItem']

/** Messages and changes in the order in which they happened. */
export function Timeline({ items, requester }: { items: Item[] | undefined; requester: number }) {
  const end = useRef<HTMLDivElement>(null)
  const atEnd = useRef(true)
  const count = items?.length ?? 0
  // Follows what arrives, but does not carry off somebody who reads further up.
  useEffect(() => {
    if (count && atEnd.current) end.current?.scrollIntoView({ block: 'end' })
  }, [count])
  return (
    <section
      aria-label="Conversation"
      tabIndex={0}
      className="min-h-0 flex-1 overflow-auto px-5 py-4"
      onScroll={({ currentTarget: box }) => {
        atEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < 80
      }}
    >
      <ol className="mx-auto max-w-[740px] space-y-4">
        {items?.map((item) =>
          item.kind === 'message' ? (
            <Message key={`m${item.id}`} item={item} mine={item.author?.id !== requester} />
          ) : (
            <Change key={`e${item.id}`} item={item} />
          ),
        )}
      </ol>
      <div ref={end} />
    </section>
  )
}

function Message({ item, mine }: { item: Extract<Item, { kind: 'message' }>; mine: boolean }) {
  const note = item.message_kind === 'note'
  return (
    <li className="flex gap-3">
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
          <time dateTime={item.at} className="ml-auto text-[12px] text-dim">
            {exact(item.at)}
          </time>
        </header>
        {item.body_html ? (
          // biome-ignore lint/security/noDangerouslySetInnerHtml: sanitised by the database before it was stored
          <div className="message" dangerouslySetInnerHTML={{ __html: item.body_html }} />
        ) : (
          <div className="message whitespace-pre-wrap">{item.body_text}</div>
        )}
      </article>
    </li>
  )
}

function Change({ item }: { item: Extract<Item, { kind: 'event' }> }) {
  const text = tell(item)
  if (!text) return null
  return (
    <li className="flex items-center gap-3 text-[12px] text-dim">
      <span className="ml-[11px] size-1.5 shrink-0 rounded-full bg-line" />
      <span>
        {text} · {exact(item.at)}
      </span>
    </li>
  )
}
