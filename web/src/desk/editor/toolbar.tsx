import { type Editor, useEditorState } from '@tiptap/react'
import clsx from 'clsx'
import { Bold, Code, Italic, Link, List, ListOrdered, Quote } from 'lucide-react'
import type { ReactNode } from 'react'
import { t } from './messages'
import { TOOL } from './toolbar-style'

/** The buttons that format the text, each pressed where the cursor stands in such text. */
export function FormatTools({ editor, onLink }: { editor: Editor; onLink: () => void }) {
  const on = useEditorState({
    editor,
    selector: ({ editor }) => ({
      bold: editor.isActive('bold'),
      italic: editor.isActive('italic'),
      link: editor.isActive('link'),
      bulletList: editor.isActive('bulletList'),
      orderedList: editor.isActive('orderedList'),
      blockquote: editor.isActive('blockquote'),
      code: editor.isActive('code'),
    }),
  })
  const tool = (name: string, active: boolean, icon: ReactNode, run: () => void, hint = name) => (
    <button
      type="button"
      className={clsx(TOOL, active && 'bg-hover text-accent')}
      aria-label={name}
      aria-pressed={active}
      title={hint}
      onClick={run}
    >
      {icon}
    </button>
  )
  const chain = () => editor.chain().focus()
  return (
    <>
      {tool(t.bold, on.bold, <Bold size={15} />, () => chain().toggleBold().run())}
      {tool(t.italic, on.italic, <Italic size={15} />, () => chain().toggleItalic().run())}
      {tool(t.link, on.link, <Link size={15} />, onLink, t.linkHint)}
      {tool(t.bulletList, on.bulletList, <List size={15} />, () => chain().toggleBulletList().run())}
      {tool(t.numberedList, on.orderedList, <ListOrdered size={15} />, () => chain().toggleOrderedList().run())}
      {tool(t.quote, on.blockquote, <Quote size={15} />, () => chain().toggleBlockquote().run())}
      {tool(t.code, on.code, <Code size={15} />, () => chain().toggleCode().run())}
    </>
  )
}
