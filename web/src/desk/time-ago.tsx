import { useNow, useTimes } from '@/app/times'

export function shortAgo(iso: string, now = Date.now()) {
  const minutes = Math.max(0, Math.round((now - Date.parse(iso)) / 60_000))
  if (minutes < 1) return 'now'
  if (minutes < 60) return `${minutes}m`
  if (minutes < 60 * 24) return `${Math.round(minutes / 60)}h`
  return `${Math.round(minutes / 1440)}d`
}

export function TimeAgo({ at }: { at: string }) {
  const { full } = useTimes()
  return (
    <time dateTime={at} title={full(at)}>
      {shortAgo(at, useNow())}
    </time>
  )
}
