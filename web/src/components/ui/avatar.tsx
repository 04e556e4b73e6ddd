import { t } from '@/components/messages'

const hue = (name: string) => [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 360, 7)

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** What a reader sees as one letter, also where it is made of several characters, such as an emoji. */
const firstLetter = (word: string) => {
  for (const { segment } of graphemes.segment(word)) return segment
  return ''
}

const isLetter = (letter: string) => /^[\p{L}\p{N}]/u.test(letter)

/** The first letters of the first and the last word; signs and emoji only where there are no words. */
export function initials(name: string) {
  const letters = name.trim().split(/\s+/).map(firstLetter)
  const words = letters.filter(isLetter)
  const used = words.length ? words : letters.slice(0, 1)
  return used
    .filter((_, i, all) => i === 0 || i === all.length - 1)
    .join('')
    .toLocaleUpperCase()
}
/** A person as a coloured disc; nobody as a dashed ring. */
export function Avatar({ name, size = 22, online }: { name?: string | undefined; size?: number; online?: boolean }) {
  if (!name)
    return (
      <span
        role="img"
        aria-label={t.unassigned}
        className="inline-block rounded-full border border-dashed border-dim/50"
        style={{ width: size, height: size }}
      />
    )
  return (
    <span
      role="img"
      aria-label={name}
      title={name}
      className="relative inline-grid shrink-0 place-items-center rounded-full font-semibold bg-[oklch(.91_.045_var(--h))] text-[oklch(.36_.07_var(--h))] dark:bg-[oklch(.36_.055_var(--h))] dark:text-[oklch(.88_.06_var(--h))]"
      style={{ width: size, height: size, fontSize: size * 0.4, '--h': hue(name) } as never}
    >
      <span aria-hidden>{initials(name)}</span>
      {online && (
        <span className="absolute -end-0.5 -bottom-0.5 size-2.5 rounded-full border-2 border-panel bg-green" />
      )}
    </span>
  )
}
