import clsx from 'clsx'
import { t } from './messages'
import { shortSpan } from './time-ago'
import { useNow, useTimes } from './times'

/** Neither a list nor the head of a ticket has when a policy calls a target near: amber is the last hour. */
const NEAR_MINUTES = 60

/** How long there is until the first target of a ticket runs out, or how late it is. */
export function NextBreach({ at }: { at: string }) {
  const { full } = useTimes()
  const left = Math.floor((Date.parse(at) - useNow()) / 60_000)
  const late = left < 0
  return (
    <time
      dateTime={at}
      title={t.breach.at(full(at))}
      className={clsx(
        'shrink-0 truncate',
        late ? 'font-medium text-danger' : left < NEAR_MINUTES ? 'font-medium text-amber-ink' : 'text-dim',
      )}
    >
      {late ? t.breach.late(shortSpan(-left)) : t.breach.left(shortSpan(left))}
    </time>
  )
}
