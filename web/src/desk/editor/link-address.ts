/** Typed text as the address of a link, or null when it cannot be one: only the web, e-mail and telephone are linked to. */
export function linkAddress(typed: string): string | null {
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
