/** A text in which the search has marked what it found: escaped HTML whose only elements are `<mark>`. */
import { Fragment } from 'react'

const ENTITIES: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" }

const plain = (html: string) => html.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity] ?? entity)

/** The pieces of such a text, in turn unmarked and marked. */
export const piecesOf = (html: string) => html.split(/<\/?mark>/).map(plain)

export const Marked = ({ html }: { html: string }) =>
  piecesOf(html).map((piece, index) =>
    index % 2 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text never move
      <mark key={index} className="rounded-[3px] bg-mark px-px text-inherit">
        {piece}
      </mark>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text never move
      <Fragment key={index}>{piece}</Fragment>
    ),
  )

/** Marks the words that were typed, where the API marks nothing: in tags and names. */
export function markWords(text: string, words: string[]): string {
  const asHtml = (value: string) =>
    value
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/>/g, '&gt;')
      .replace(/"/g, '&quot;')
      .replace(/'/g, '&#39;')
  const wanted = words.filter((word) => word.length > 1).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  if (!wanted.length) return asHtml(text)
  return text
    .split(new RegExp(`(${wanted.join('|')})`, 'gi'))
    .map((piece, index) => (index % 2 ? `<mark>${asHtml(piece)}</mark>` : asHtml(piece)))
    .join('')
}
