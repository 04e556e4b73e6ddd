import clsx from 'clsx'
import { Fragment, useEffect, useRef } from 'react'
import type { ConversationItem } from '@/desk/tickets'
import { useTimes } from '@/desk/times'
import { At } from './conversation/at'
import { Message } from './conversation/message'
import { describeEvent } from './describe-event'

/** Messages and changes in the order in which they happened, day by day. */
export function Timeline({ items, requester }: { items: ConversationItem[] | undefined; requester: number }) {
  const end = useRef<HTMLDivElement>(null)
  const atEnd = useRef(true)
  const { day } = useTimes()
  const count = items?.length ?? 0
  // Scrolls to new items, except for somebody who reads further up.
  useEffect(() => {
    if (count && atEnd.current) end.current?.scrollIntoView({ block: 'end' })
  }, [count])
  const shown = items?.filter((item) => item.kind === 'message' || describeEvent(item)) ?? []
  return (
    <section
      aria-label="Conversation"
      aria-busy={!items}
      tabIndex={0}
      className="min-h-0 flex-1 overflow-auto px-5 py-4"
      onScroll={({ currentTarget: box }) => {
        atEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < 80
      }}
    >
      {!items && <TimelineSkeleton />}
      <ol className="mx-auto max-w-[740px] space-y-4">
        {shown.map((item, at) => {
          const before = shown[at - 1]
          const name = day(item.at)
          return (
            <Fragment key={`${item.kind}${item.id}`}>
              {(!before || day(before.at) !== name) && <Day name={name} />}
              {item.kind === 'message' ? (
                <Message item={item} mine={item.author?.id !== requester} />
              ) : (
                <Change item={item} />
              )}
            </Fragment>
          )
        })}
      </ol>
      <div ref={end} />
    </section>
  )
}

const Day = ({ name }: { name: string }) => (
  <li className="flex items-center gap-3 text-[12px] text-dim">
    <span className="h-px flex-1 bg-line" />
    {name}
    <span className="h-px flex-1 bg-line" />
  </li>
)

const Change = ({ item }: { item: Extract<ConversationItem, { kind: 'event' }> }) => (
  <li className="flex items-center gap-3 text-[12px] text-dim">
    <span className="ml-[11px] size-1.5 shrink-0 rounded-full bg-line" />
    <span>
      {describeEvent(item)} · <At iso={item.at} />
    </span>
  </li>
)

const TimelineSkeleton = () => (
  <div className="mx-auto max-w-[740px] space-y-5" aria-hidden>
    {['w-3/4', 'w-full', 'w-1/2'].map((width) => (
      <div key={width} className="flex gap-3">
        <span className="size-7 shrink-0 animate-pulse rounded-full bg-hover" />
        <span className="flex-1 space-y-2 pt-1">
          <span className="block h-3 w-32 animate-pulse rounded bg-hover" />
          <span className={clsx('block h-12 animate-pulse rounded-lg bg-hover', width)} />
        </span>
      </div>
    ))}
  </div>
)
