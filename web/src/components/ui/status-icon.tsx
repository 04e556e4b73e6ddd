/** Status by shape as well as hue, so that it reads without colour; an empty label where its name stands beside it. */
export function StatusIcon({ category, label }: { category: string; label?: string }) {
  const ring = { fill: 'none', strokeWidth: 1.6 }
  const icon = (
    <svg width="16" height="16" viewBox="0 0 16 16" role="img" aria-label={label || category} className="shrink-0">
      {category === 'new' && <circle cx="8" cy="8" r="6" {...ring} stroke="var(--amber)" strokeDasharray="2.2 2.1" />}
      {category === 'open' && (
        <>
          <circle cx="8" cy="8" r="6" {...ring} stroke="var(--blue)" />
          <circle cx="8" cy="8" r="2.6" fill="var(--blue)" />
        </>
      )}
      {category === 'pending' && (
        <>
          <circle cx="8" cy="8" r="6" {...ring} stroke="var(--violet)" />
          <path d="M8 3.8a4.2 4.2 0 0 1 0 8.4z" fill="var(--violet)" />
        </>
      )}
      {category === 'on_hold' && (
        <>
          <circle cx="8" cy="8" r="6" {...ring} stroke="var(--slate)" />
          <path d="M6.4 5.6v4.8M9.6 5.6v4.8" stroke="var(--slate)" strokeWidth="1.6" strokeLinecap="round" />
        </>
      )}
      {category === 'solved' && (
        <>
          <circle cx="8" cy="8" r="6.8" fill="var(--green)" />
          <path
            d="M5 8.2l2.1 2.1L11 6.2"
            fill="none"
            stroke="var(--canvas)"
            strokeWidth="1.7"
            strokeLinecap="round"
            strokeLinejoin="round"
          />
        </>
      )}
      {category === 'closed' && (
        <>
          <circle cx="8" cy="8" r="6" {...ring} stroke="var(--dim)" />
          <path
            d="M5.4 8.1l1.8 1.8L10.6 6.4"
            fill="none"
            stroke="var(--dim)"
            strokeWidth="1.4"
            strokeLinecap="round"
            strokeLinejoin="round"
          />
        </>
      )}
    </svg>
  )
  if (label !== '') return icon
  return (
    <span aria-hidden="true" className="contents">
      {icon}
    </span>
  )
}
