import { useTimes } from './times'

/** The time of day of something, with the whole time on hovering. */
export function At({ iso, className }: { iso: string; className?: string }) {
  const { clock, full } = useTimes()
  return (
    <time dateTime={iso} title={full(iso)} className={className}>
      {clock(iso)}
    </time>
  )
}
