import { t } from './messages'
import { useNow, useTimes } from './times'

/** `7m`, `3h`, `2d`: a number of minutes in its largest unit. */
export function shortSpan(minutes: number) {
  if (minutes < 60) return t.ago.minutes(minutes)
  if (minutes < 60 * 24) return t.ago.hours(Math.round(minutes / 60))
  return t.ago.days(Math.round(minutes / 1440))
}

function shortAgo(iso: string, now: number) {
  const minutes = Math.max(0, Math.round((now - Date.parse(iso)) / 60_000))
  return minutes < 1 ? t.ago.now : shortSpan(minutes)
}

/** How long ago something was, `7m`, with the whole time on hovering. */
export function TimeAgo({ at }: { at: string }) {
  const { full } = useTimes()
  return (
    <time dateTime={at} title={full(at)}>
      {shortAgo(at, useNow())}
    </time>
  )
}
