/** Colours in the editor: blanks that wait to be filled in, and what a macro has filled in. */
import { Extension } from '@tiptap/core'
import type { Node } from '@tiptap/pm/model'
import { Plugin, PluginKey } from '@tiptap/pm/state'
import { Decoration, DecorationSet } from '@tiptap/pm/view'
import { BLANK } from './blank'

interface Span {
  from: number
  to: number
}

/** Where `{{…}}` stands in a document. */
export function blanksIn(doc: Node): Span[] {
  const spans: Span[] = []
  doc.descendants((node, pos) => {
    if (!node.isTextblock) return
    // One character for each place, so that positions agree.
    const text = node.textBetween(0, node.content.size, undefined, '￼')
    for (const match of text.matchAll(BLANK))
      spans.push({ from: pos + 1 + match.index, to: pos + 1 + match.index + match[0].length })
  })
  return spans
}

/** What a macro has filled in between two positions: each value once, in the order of the template. */
function fillsIn(doc: Node, { from, to, values }: Span & { values: string[] }): Span[] {
  const spans: Span[] = []
  let at = from
  for (const value of values) {
    let found: Span | undefined
    doc.nodesBetween(from, to, (node, pos) => {
      if (found || !node.isText) return !found
      const start = Math.max(0, at - pos)
      const index = node.text?.indexOf(value, start) ?? -1
      if (index >= 0 && pos + index >= at) found = { from: pos + index, to: pos + index + value.length }
      return true
    })
    if (!found) continue
    spans.push(found)
    at = found.to
  }
  return spans
}

const fillsKey = new PluginKey<DecorationSet>('fills')

/** Marks a transaction: these values, between these positions, were filled in. */
export const FILLED = fillsKey

export const Blanks = Extension.create({
  name: 'blanks',
  addProseMirrorPlugins() {
    return [
      new Plugin({
        key: new PluginKey('blanks'),
        props: {
          decorations: ({ doc }) =>
            DecorationSet.create(
              doc,
              blanksIn(doc).map(({ from, to }) => Decoration.inline(from, to, { class: 'blank' })),
            ),
        },
      }),
      new Plugin<DecorationSet>({
        key: fillsKey,
        state: {
          init: () => DecorationSet.empty,
          apply: (tr, set) => {
            const kept = set.map(tr.mapping, tr.doc)
            const filled = tr.getMeta(fillsKey) as (Span & { values: string[] }) | undefined
            if (!filled) return kept
            const found = fillsIn(tr.doc, filled).map(({ from, to }) =>
              Decoration.inline(from, to, { class: 'filled' }, { inclusiveEnd: false }),
            )
            return kept.add(tr.doc, found)
          },
        },
        props: { decorations: (state) => fillsKey.getState(state) },
      }),
    ]
  },
})
