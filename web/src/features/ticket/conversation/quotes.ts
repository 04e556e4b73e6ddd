/** What a message quotes of earlier ones, apart from what it says itself. */

export interface Quoted {
  /** Lines of quoted text; none when there is nothing to fold. */
  lines: number
}

const linesOf = (text: string) => text.split('\n').filter((line) => line.trim()).length

const BLOCKS = 'p, div, li, blockquote, tr, h1, h2, h3, h4, h5, h6, pre, br'

/** How much of an HTML message is quoted. One that says nothing besides is not folded: nothing would be left. */
export function quotedIn(body: HTMLElement): Quoted {
  const quotes = [...body.querySelectorAll('.quote')].filter((quote) => !quote.parentElement?.closest('.quote'))
  if (!quotes.length) return { lines: 0 }
  const rest = body.cloneNode(true) as HTMLElement
  for (const quote of rest.querySelectorAll('.quote')) quote.remove()
  if (!rest.textContent?.trim() && !rest.querySelector('img')) return { lines: 0 }
  const count = (quote: Element) => {
    const copy = quote.cloneNode(true) as Element
    for (const block of copy.querySelectorAll(BLOCKS)) block.append('\n')
    return linesOf(copy.textContent ?? '')
  }
  return { lines: quotes.reduce((sum, quote) => sum + count(quote), 0) }
}

/** A plain message, split where its quoted tail begins. `from` counts characters as Unicode does, not as JavaScript. */
export function splitPlain(text: string, from: number | null | undefined) {
  if (from == null) return { own: text, quoted: '', lines: 0 }
  const characters = Array.from(text)
  const own = characters.slice(0, from).join('')
  const quoted = characters.slice(from).join('')
  return own.trim() ? { own: own.trimEnd(), quoted, lines: linesOf(quoted) } : { own: text, quoted: '', lines: 0 }
}
