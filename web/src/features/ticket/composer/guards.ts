/** What to look at before a message goes out. */
import { BLANK } from '@/desk/editor/blank'

const inDocument = (html: string) => new DOMParser().parseFromString(html, 'text/html').body

// A composer that is empty, as most are when a ticket is opened, is not parsed.
export const countBlanks = (html: string) => (html ? inDocument(html).textContent?.match(BLANK)?.length : 0) ?? 0

/** The names of those whom a text mentions. */
export const mentionsIn = (html: string): string[] => {
  const mentions = html ? [...inDocument(html).querySelectorAll('[data-mention]')] : []
  return [...new Set(mentions.map((each) => each.textContent?.slice(1) ?? ''))]
}

/** Whether there is anything to send: words, or an image in the text. */
export const saysSomething = (html: string) => {
  const body = inDocument(html)
  return Boolean(body.textContent?.trim() || body.querySelector('img'))
}

const squeezed = (text: string | null) => text?.replace(/\s+/g, '') ?? ''

/** Whether a text ends with these words already. */
export const endsWith = (html: string, words: string) =>
  squeezed(inDocument(html).textContent).endsWith(squeezed(words))

interface Said {
  kind: string
  id: number
  message_kind?: string
  author?: { id: number; name: string; role?: string } | null
}

/**
 * A public answer of somebody else that came after the last message the writer has seen: the customer need not hear it
 * twice, nor two different things.
 */
export function overtakenBy(items: Said[] | undefined, seen: number, me: number | undefined, requester: number) {
  const own = (item: Said) => item.author?.id === me || item.author?.id === requester
  return items?.findLast(
    (item) => item.kind === 'message' && item.message_kind === 'reply' && item.id > seen && !own(item),
  )
}
