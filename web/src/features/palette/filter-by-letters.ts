/**
 * How well `typed` fits `text`, or nothing when its letters do not occur in this order. The whole in one piece
 * counts most, then beginnings of words and letters in a row; among equals the shorter text wins.
 */
export function fuzzy(typed: string, text: string): number | null {
  const wanted = typed.toLowerCase().trim()
  const within = text.toLowerCase()
  const whole = within.indexOf(wanted)
  if (whole >= 0) return wanted.length * 4 + (whole === 0 || within[whole - 1] === ' ' ? 2 : 0) - within.length / 100
  let score = 0
  let at = -1
  for (const letter of wanted.replace(/\s+/g, '')) {
    const next = within.indexOf(letter, at + 1)
    if (next < 0) return null
    score += next === at + 1 ? 2 : within[next - 1] === ' ' ? 1 : 0
    at = next
  }
  return score - within.length / 100
}

/** Those that fit, best first. */
export function fuzzyFilter<T>(typed: string, items: T[], text: (item: T) => string): T[] {
  if (!typed.trim()) return items
  return items
    .map((item) => ({ item, score: fuzzy(typed, text(item)) }))
    .filter((entry): entry is { item: T; score: number } => entry.score !== null)
    .sort((a, b) => b.score - a.score)
    .map(({ item }) => item)
}
