import { Placeholder } from '@tiptap/extensions'
import { EditorContent, useEditor } from '@tiptap/react'
import StarterKit from '@tiptap/starter-kit'
import { Bold, Code, Italic, List, ListOrdered, Quote } from 'lucide-react'
import { type ReactNode, useEffect } from 'react'

interface Props {
  initial: string
  placeholder: string
  label: string
  /** Counts the wishes to write; each one brings the cursor here, also to an editor that has just been mounted. */
  focus: number
  onSubmit: () => void
  onChange: (html: string, empty: boolean) => void
  children: ReactNode
}

/** The rich text field, loaded when somebody is about to write. */
export default function Editor({ initial, placeholder, label, focus, onSubmit, onChange, children }: Props) {
  const editor = useEditor({
    extensions: [StarterKit, Placeholder.configure({ placeholder })],
    content: initial,
    editorProps: {
      attributes: { class: 'tiptap message', role: 'textbox', 'aria-multiline': 'true', 'aria-label': label },
      handleKeyDown: (view, event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
          onSubmit()
          return true
        }
        if (event.key === 'Escape') {
          view.dom.blur()
          return true
        }
        return false
      },
    },
    onUpdate: ({ editor }) => onChange(editor.getHTML(), editor.isEmpty),
  })
  useEffect(() => {
    if (focus) editor?.commands.focus('end')
  }, [editor, focus])
  const tool = (name: string, icon: ReactNode, run: () => void) => (
    <button
      type="button"
      key={name}
      className="grid size-7 place-items-center rounded text-dim hover:bg-hover hover:text-ink"
      aria-label={name}
      title={name}
      onClick={run}
    >
      {icon}
    </button>
  )
  return (
    <>
      <EditorContent editor={editor} className="max-h-60 overflow-auto px-1" />
      <div role="toolbar" aria-label="Format" className="mt-1.5 flex items-center">
        {tool('Bold', <Bold size={15} />, () => editor?.chain().focus().toggleBold().run())}
        {tool('Italic', <Italic size={15} />, () => editor?.chain().focus().toggleItalic().run())}
        {tool('Bullet list', <List size={15} />, () => editor?.chain().focus().toggleBulletList().run())}
        {tool('Numbered list', <ListOrdered size={15} />, () => editor?.chain().focus().toggleOrderedList().run())}
        {tool('Quote', <Quote size={15} />, () => editor?.chain().focus().toggleBlockquote().run())}
        {tool('Code', <Code size={15} />, () => editor?.chain().focus().toggleCode().run())}
        {children}
      </div>
    </>
  )
}
