/** How long something took, by its two largest units: `2 d 4 h`, `21 min`, in the reader's language. */
import { language } from './messages'

const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const

const formats = new Map(
  UNITS.map(([unit]) => [
    unit,
    new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'narrow', maximumFractionDigits: 0 }),
  ]),
)

export function span(seconds: number): string {
  const parts: string[] = []
  let left = Math.max(0, Math.floor(seconds / 60)) * 60
  for (const [unit, size] of UNITS) {
    const count = Math.floor(left / size)
    left -= count * size
    if (count && parts.length < 2) parts.push(formats.get(unit)?.format(count) ?? '')
    else if (parts.length) break
  }
  return parts.join(' ') || (formats.get('minute')?.format(Math.ceil(seconds / 60)) ?? '')
}
