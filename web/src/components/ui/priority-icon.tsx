import { t } from '@/components/messages'

const LEVEL: Record<string, number> = { low: 1, normal: 2, high: 3 }

/** Priority by the number of bars; urgent by a red sign. */
export function PriorityIcon({
  priority,
  label = (t.priorities as Record<string, string>)[priority] ?? priority,
}: {
  priority: string
  label?: string
}) {
  if (priority === 'urgent')
    return (
      <svg width="14" height="14" viewBox="0 0 14 14" role="img" aria-label={label} className="shrink-0">
        <rect width="14" height="14" rx="3" fill="var(--danger)" />
        <path d="M7 3.2v4.4M7 10.2v.6" stroke="var(--canvas)" strokeWidth="1.8" strokeLinecap="round" />
      </svg>
    )
  const level = LEVEL[priority] ?? 2
  return (
    <svg width="14" height="14" viewBox="0 0 14 14" role="img" aria-label={label} className="shrink-0">
      {[0, 1, 2].map((i) => (
        <rect
          key={i}
          x={1.5 + i * 4}
          y={9 - i * 3}
          width="2.6"
          height={4 + i * 3}
          rx="0.8"
          fill={i < level ? 'var(--ink)' : 'var(--line)'}
        />
      ))}
    </svg>
  )
}
