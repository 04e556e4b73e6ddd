import { Placeholder } from '@tiptap/extensions'
import { EditorContent, useEditor, useEditorState } from '@tiptap/react'
import StarterKit from '@tiptap/starter-kit'
import clsx from 'clsx'
import { Bold, Code, Italic, Link, List, ListOrdered, Quote } from 'lucide-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { Button } from '@/components/ui/button'
import { linkAddress } from './link-address'

interface Props {
  initial: string
  placeholder: string
  label: string
  /** Counts the requests to write: each focuses the editor, also one that has just been mounted. */
  focus: number
  onSubmit: () => void
  onChange: (html: string, empty: boolean) => void
  children: ReactNode
}

/** The rich text editor. Its libraries are large, so it is loaded apart from the page. */
export default function Editor({ initial, placeholder, label, focus, onSubmit, onChange, children }: Props) {
  const [linking, setLinking] = useState(false)
  // The editor keeps the first handlers it was given.
  const submit = useRef(onSubmit)
  submit.current = onSubmit
  const editor = useEditor({
    extensions: [
      StarterKit.configure({ link: { openOnClick: false, defaultProtocol: 'https' } }),
      Placeholder.configure({ placeholder }),
    ],
    content: initial,
    autofocus: focus > 0 && 'end',
    editorProps: {
      attributes: { class: 'tiptap message', role: 'textbox', 'aria-multiline': 'true', 'aria-label': label },
      handleKeyDown: (view, event) => {
        const mod = event.ctrlKey || event.metaKey
        if (event.key === 'Enter' && mod) {
          submit.current()
          return true
        }
        if (event.key.toLowerCase() === 'k' && mod && event.shiftKey) {
          event.preventDefault()
          setLinking(true)
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
  const on = useEditorState({
    editor,
    selector: ({ editor }) => ({
      Bold: editor?.isActive('bold'),
      Italic: editor?.isActive('italic'),
      Link: editor?.isActive('link'),
      'Bullet list': editor?.isActive('bulletList'),
      'Numbered list': editor?.isActive('orderedList'),
      Quote: editor?.isActive('blockquote'),
      Code: editor?.isActive('code'),
    }),
  }) as Record<string, boolean | undefined> | null
  // A new editor has focused itself; doing so twice would take the focus back from somebody who leaves at once.
  const handled = useRef(focus)
  useEffect(() => {
    if (handled.current === focus || !editor || editor.isDestroyed) return
    handled.current = focus
    editor.commands.focus('end')
  }, [editor, focus])
  const tool = (name: string, icon: ReactNode, run: () => void, hint = name) => (
    <button
      type="button"
      key={name}
      className={clsx(
        'grid size-7 place-items-center rounded hover:bg-hover hover:text-ink',
        on?.[name] ? 'bg-hover text-accent' : 'text-dim',
      )}
      aria-label={name}
      aria-pressed={on?.[name] ?? false}
      title={hint}
      onClick={run}
    >
      {icon}
    </button>
  )
  return (
    <>
      <EditorContent editor={editor} className="max-h-60 overflow-auto px-1" />
      {linking && (
        <LinkForm
          initial={String(editor?.getAttributes('link').href ?? '')}
          onClose={() => {
            setLinking(false)
            editor?.commands.focus()
          }}
          onLink={(href) => {
            const chain = editor?.chain().focus().extendMarkRange('link')
            if (!href) chain?.unsetLink().run()
            else if (editor?.state.selection.empty && !editor.isActive('link'))
              chain?.insertContent({ type: 'text', text: href, marks: [{ type: 'link', attrs: { href } }] }).run()
            else chain?.setLink({ href }).run()
            setLinking(false)
          }}
        />
      )}
      <div role="toolbar" aria-label="Format" className="mt-1.5 flex items-center">
        {tool('Bold', <Bold size={15} />, () => editor?.chain().focus().toggleBold().run())}
        {tool('Italic', <Italic size={15} />, () => editor?.chain().focus().toggleItalic().run())}
        {tool('Link', <Link size={15} />, () => setLinking((now) => !now), 'Link (Ctrl Shift K)')}
        {tool('Bullet list', <List size={15} />, () => editor?.chain().focus().toggleBulletList().run())}
        {tool('Numbered list', <ListOrdered size={15} />, () => editor?.chain().focus().toggleOrderedList().run())}
        {tool('Quote', <Quote size={15} />, () => editor?.chain().focus().toggleBlockquote().run())}
        {tool('Code', <Code size={15} />, () => editor?.chain().focus().toggleCode().run())}
        {children}
      </div>
    </>
  )
}

/** Sets the address of a link; an empty one removes the link. */
function LinkForm({
  initial,
  onLink,
  onClose,
}: {
  initial: string
  onLink: (href: string) => void
  onClose: () => void
}) {
  const [href, setHref] = useState(initial)
  const valid = !href.trim() || linkAddress(href) !== null
  const apply = () => valid && onLink(linkAddress(href) ?? '')
  return (
    <div role="group" aria-label="Link" className="mt-1.5 flex items-center gap-1.5">
      <input
        // biome-ignore lint/a11y/noAutofocus: they have just asked for it
        autoFocus
        aria-label="Address of the link"
        aria-invalid={!valid}
        placeholder="example.com/help"
        className="h-7 min-w-0 flex-1 rounded-md border border-line bg-canvas px-2 focus:border-accent aria-invalid:border-danger"
        value={href}
        onChange={(event) => setHref(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' && event.key !== 'Escape') return
          event.preventDefault()
          event.stopPropagation()
          if (event.key === 'Enter') apply()
          else onClose()
        }}
      />
      <Button variant="chip" onClick={apply} disabled={!valid}>
        {href.trim() ? 'Set link' : 'Remove link'}
      </Button>
      <Button onClick={onClose}>Cancel</Button>
    </div>
  )
}
