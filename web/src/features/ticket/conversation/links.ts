/** The addresses in a text that can be followed: of the web and of e-mail, and of nothing else. */

export interface Part {
  text: string
  /** Undefined for what is no address. */
  href?: string
}

/** Of what others wrote: the page it leads to learns nothing of this one, and is not vouched for. */
export const LINK_REL = 'noopener noreferrer nofollow'

const HOST = String.raw`(?:[\p{L}\p{N}-]{1,63}\.)+\p{L}[\p{L}\p{N}-]+`
const ADDRESS = new RegExp(
  String.raw`(?<![\p{L}\p{N}])(?:(?:https?://|www\.)[^\s<>"“”„«»]+|(?:mailto:)?[\p{L}\p{N}][\p{L}\p{N}._%+-]{0,63}@${HOST})`,
  'giu',
)

const CLOSED_BY: Record<string, string> = { ')': '(', ']': '[', '}': '{', '）': '（', '】': '【', '」': '「' }
const ENDS_A_SENTENCE = /[.,;:!?'’‘*_~…。，、；：！？-]$/u

/** A text of more links than anybody follows: those behind stay text, so that it is drawn at once. */
const MOST = 2000

/** Without the marks that belong to the sentence around it: a bracket does where it was not opened within. */
function trimmed(address: string): string {
  // Counted once: what a stranger sends may be millions of brackets.
  const counts = new Map<string, number>()
  for (const letter of address) counts.set(letter, (counts.get(letter) ?? 0) + 1)
  const of = (letter: string) => counts.get(letter) ?? 0
  let end = address.length
  for (; end > 0; end--) {
    const last = address[end - 1] ?? ''
    const opened = CLOSED_BY[last]
    if (opened ? of(opened) >= of(last) : !ENDS_A_SENTENCE.test(last)) break
    counts.set(last, of(last) - 1)
  }
  return address.slice(0, end)
}

function hrefOf(address: string): string | undefined {
  const web = /^(?:https?:\/\/|www\.)/i.test(address)
  const href = web ? address.replace(/^www\./i, 'https://$&') : `mailto:${encodeURI(address.replace(/^mailto:/i, ''))}`
  // A host of one word is one's own machine, or the beginning of an address that is still to be filled in.
  if (!URL.canParse(href) || (web && !/[.\]]/.test(new URL(href).hostname))) return undefined
  return href
}

export function partsOf(text: string): Part[] {
  const parts: Part[] = []
  let at = 0
  let links = 0
  for (const found of text.matchAll(ADDRESS)) {
    if (links === MOST) break
    const address = trimmed(found[0])
    const href = hrefOf(address)
    if (!href) continue
    if (found.index > at) parts.push({ text: text.slice(at, found.index) })
    parts.push({ text: address, href })
    links++
    at = found.index + address.length
  }
  if (at < text.length) parts.push({ text: text.slice(at) })
  return parts
}

/** Makes links of the addresses in a document's text that are none yet. */
export function linkTexts(body: HTMLElement) {
  const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT)
  const texts: Text[] = []
  while (walker.nextNode()) if (!walker.currentNode.parentElement?.closest('a')) texts.push(walker.currentNode as Text)
  for (const text of texts) {
    const parts = partsOf(text.data)
    if (!parts.some(({ href }) => href)) continue
    const drawn = document.createDocumentFragment()
    for (const { text, href } of parts)
      drawn.append(href ? Object.assign(document.createElement('a'), { href, textContent: text }) : text)
    text.replaceWith(drawn)
  }
}
