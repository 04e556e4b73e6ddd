/** What the page around an editor may ask of it. */
import type { Editor } from '@tiptap/core'
import { closeHistory } from '@tiptap/pm/history'
import { blanksIn, FILLED } from './blanks'

export interface EditorHandle {
  focus: () => void
  /** Puts HTML in the place of a range, else at the cursor, as one step of undo. `fills`: what in it was filled in. */
  insert: (html: string, fills?: string[], range?: { from: number; to: number }) => void
  insertImage: (attachment: number, name: string) => void
  /** Puts the cursor over the first blank. */
  goToBlank: () => void
  /** Types a sign that opens its list, `/` or `@`. */
  type: (sign: string) => void
}

/** What an editor knows of its lists besides. */
export interface ListedHandle extends EditorHandle {
  /** The sign that opened the list was typed by a command: Escape takes it away again. */
  claimSign: () => void
  /** Whether somebody is choosing from the list that `/` opens. */
  isChoosing: () => boolean
}

export const handleOf = (editor: Editor): EditorHandle => ({
  focus: () => {
    editor.view.focus()
    editor.commands.setTextSelection(editor.state.doc.content.size)
    editor.commands.scrollIntoView()
  },
  insert: (html, fills = [], range = editor.state.selection) => {
    // A step of its own: undo takes back this and nothing typed before.
    editor.view.dispatch(closeHistory(editor.state.tr))
    const { from } = range
    const before = editor.state.doc.content.size - (range.to - from)
    const alone = !editor.state.doc
      .resolve(from)
      .parent.textContent.replace(/^\/.*$/, '')
      .trim()
    editor
      .chain()
      .focus()
      // A paragraph that holds nothing else gives way to those that come.
      .insertContentAt(alone ? paragraphAround(editor, range) : { from, to: range.to }, html)
      .command(({ tr }) => {
        const end = Math.max(from, Math.min(from + tr.doc.content.size - before + 2, tr.doc.content.size))
        tr.setMeta(FILLED, { from: Math.max(0, from - 1), to: end, values: fills })
        return true
      })
      .run()
    editor.view.dispatch(closeHistory(editor.state.tr))
  },
  insertImage: (attachment, name) =>
    editor
      .chain()
      .focus()
      .setImage({ src: `/api/attachments/${attachment}/content`, alt: name })
      .run(),
  goToBlank: () => {
    const [blank] = blanksIn(editor.state.doc)
    if (blank) editor.chain().focus().setTextSelection(blank).scrollIntoView().run()
  },
  type: (sign) => {
    // Behind what is selected, which stays.
    const { $to } = editor.state.selection
    const before = $to.parent.textBetween(Math.max(0, $to.parentOffset - 1), $to.parentOffset, undefined, '￼')
    editor
      .chain()
      .focus()
      .setTextSelection($to.pos)
      .insertContent(before.trim() ? ` ${sign}` : sign)
      .run()
  },
})

function paragraphAround(editor: Editor, { from, to }: { from: number; to: number }) {
  const start = editor.state.doc.resolve(from)
  const end = editor.state.doc.resolve(to)
  if (start.depth !== 1 || !start.sameParent(end)) return { from, to }
  return { from: start.before(), to: end.after() }
}
