import { useNow, useTimes } from './times'

function shortAgo(iso: string, now: number) {
  const minutes = Math.max(0, Math.round((now - Date.parse(iso)) / 60_000))
  if (minutes < 1) return 'now'
  if (minutes < 60) return `${minutes}m`
  if (minutes < 60 * 24) return `${Math.round(minutes / 60)}h`
  return `${Math.round(minutes / 1440)}d`
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
