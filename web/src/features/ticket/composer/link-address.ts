/** What somebody typed as an address that may stand in a link, or nothing when it cannot be one. */
export function address(typed: string): string | null {
  const text = typed.trim()
  if (!text) return null
  const whole = /^[a-z][a-z0-9+.-]*:(?!\d)/i.test(text)
    ? text
    : /^[^\s/@]+@[^\s/@]+$/.test(text)
      ? `mailto:${text}`
      : `https://${text}`
  try {
    const { protocol, hostname } = new URL(whole)
    if (protocol === 'mailto:' || protocol === 'tel:') return whole
    return /^https?:$/.test(protocol) && hostname && !/\s/.test(text) ? whole : null
  } catch {
    return null
  }
}
