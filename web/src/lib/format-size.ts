import { language } from './messages'

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const

/** 218 kB, in the reader's language. */
export function formatSize(bytes: number) {
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), UNITS.length - 1)
  const value = bytes / 1000 ** power
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit: UNITS[power],
    unitDisplay: power ? 'short' : 'long',
    maximumFractionDigits: value < 10 && power ? 1 : 0,
  }).format(value)
}
