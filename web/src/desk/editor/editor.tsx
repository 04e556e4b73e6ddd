import Image from '@tiptap/extension-image'
import { Placeholder } from '@tiptap/extensions'
import { undoDepth } from '@tiptap/pm/history'
import type { EditorView } from '@tiptap/pm/view'
import { EditorContent, useEditor } from '@tiptap/react'
import StarterKit from '@tiptap/starter-kit'
import clsx from 'clsx'
import { type ReactNode, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { undoNewest } from '@/desk/undo'
import { keepClear } from '@/lib/keep-clear'
import { Blanks } from './blanks'
import { handleOf, type ListedHandle } from './handle'
import { LinkForm } from './link-form'
import { DeskMention } from './mention'
import { t } from './messages'
import { type Asked, type ListProps, type Mentioned, type PickerHandle, suggest } from './suggest'
import { FormatTools } from './toolbar'

interface Props {
  initial: string
  /** The text is of this editor, as it left it: also a blank at its end, after which somebody goes on. */
  own?: boolean
  placeholder: string
  label: string
  /** Counts the requests to write: each focuses the editor, also one that has just been mounted. */
  focus: number
  onSubmit: () => void
  onChange: (html: string, empty: boolean) => void
  /** Without it Escape leaves the editor. */
  onEscape?: () => void
  /** Files that were pasted. */
  onFiles?: (files: File[]) => void
  onReady?: (handle: ListedHandle) => void
  /** The list that `/` opens. */
  slash?: (list: ListProps) => ReactNode
  /** The list that `@` opens. */
  mentions?: (list: ListProps, onPick: (chosen: Mentioned) => void) => ReactNode
  /** Called after Ctrl+Z has taken back a step. */
  onUndo?: (html: string) => void
  /** The text fills the page, and its tools fold behind a button. */
  tall?: boolean
  /** Between the text and the tools. */
  between?: ReactNode
  tools?: ReactNode
  children: ReactNode
}

const isUntouched = ({ state }: EditorView) => state.doc.content.size <= 2 && undoDepth(state) === 0

/** The rich text editor. Its libraries are large, so it is loaded apart from the page. */
export default function Editor(props: Props) {
  const {
    initial,
    own = false,
    placeholder,
    label,
    focus,
    onChange,
    slash,
    mentions,
    tall = false,
    between,
    tools,
    children,
  } = props
  const [linking, setLinking] = useState(false)
  const [formatting, setFormatting] = useState(false)
  const [slashAsked, setSlashAsked] = useState<Asked | null>(null)
  const [mentionAsked, setMentionAsked] = useState<Asked | null>(null)
  const picker = useRef<PickerHandle>(null)
  /** A command has typed the sign that opened the list. */
  const signIsOurs = useRef(false)
  const askSlash = (asked: Asked | null) => {
    if (!asked) signIsOurs.current = false
    setSlashAsked(asked)
  }
  // The editor keeps the first handlers it was given.
  const now = useRef({ ...props, open: false, slashAsked })
  now.current = { ...props, open: Boolean(slashAsked || mentionAsked), slashAsked }
  const takeSignAway = ({ state, dispatch }: EditorView) => {
    const { slashAsked: asked } = now.current
    if (!asked || !signIsOurs.current) return false
    dispatch(state.tr.delete(asked.range.from, asked.range.to))
    return true
  }
  const press = (event: KeyboardEvent) => picker.current?.press(event) ?? false
  const editor = useEditor({
    extensions: [
      StarterKit.configure({ link: { openOnClick: false, defaultProtocol: 'https' } }),
      Placeholder.configure({ placeholder }),
      Image.configure({ inline: true }),
      DeskMention,
      Blanks,
      ...(mentions ? [suggest({ sign: '@', spaces: true, ask: setMentionAsked, press })] : []),
      ...(slash ? [suggest({ sign: '/', spaces: true, ask: askSlash, press })] : []),
    ],
    content: initial,
    parseOptions: { preserveWhitespace: own },
    editorProps: {
      attributes: {
        class: 'tiptap message',
        role: 'textbox',
        'aria-multiline': 'true',
        'aria-label': label,
        dir: 'auto',
      },
      handleKeyDown: (view, event) => {
        const mod = event.ctrlKey || event.metaKey
        if (event.key === 'Enter' && mod) {
          event.preventDefault()
          now.current.onSubmit()
          return true
        }
        if (event.key.toLowerCase() === 'k' && mod && event.shiftKey) {
          event.preventDefault()
          setLinking(true)
          return true
        }
        if (event.key === 'Escape' && takeSignAway(view)) return true
        if (event.key === 'Escape' && !now.current.open) {
          if (now.current.onEscape) now.current.onEscape()
          else view.dom.blur()
          return true
        }
        // With nothing typed there is nothing of the text to undo: the act before it is meant, as sending what was here.
        if (event.key.toLowerCase() === 'z' && mod && !event.shiftKey && isUntouched(view)) {
          undoNewest()
          return true
        }
        // The list comes before what the keys do in text.
        return now.current.open && press(event)
      },
      handleDOMEvents: {
        // Left as it is, as by the button that closes the page of a phone.
        blur: (view) => {
          if (now.current.slashAsked?.query === '') takeSignAway(view)
          return false
        },
      },
      handlePaste: (_, event) => {
        const files = [...(event.clipboardData?.files ?? [])]
        // A picture beside text is how office programs copy text.
        if (!files.length || !now.current.onFiles || event.clipboardData?.getData('text/plain')) return false
        now.current.onFiles(files)
        return true
      },
    },
    onUpdate: ({ editor, transaction }) => {
      const html = editor.getHTML()
      onChangeRef.current(html, editor.isEmpty)
      if (transaction.getMeta('history$')) now.current.onUndo?.(html)
    },
  })
  const onChangeRef = useRef(onChange)
  onChangeRef.current = onChange
  // At once, before the next key: the library's own way waits for a frame. And once for each request, so that the focus
  // is not taken back from somebody who leaves.
  const handled = useRef(0)
  useLayoutEffect(() => {
    if (handled.current === focus || !editor || editor.isDestroyed) return
    handled.current = focus
    // Not from under what has been opened since.
    if (!document.activeElement?.closest('[role=dialog]') || editor.view.dom.closest('[role=dialog]'))
      handleOf(editor).focus()
  }, [editor, focus])
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each editor
  useLayoutEffect(() => {
    if (!editor) return
    const handle = handleOf(editor)
    props.onReady?.({
      ...handle,
      type: (sign) => {
        signIsOurs.current = sign === '/'
        handle.type(sign)
      },
      claimSign: () => {
        signIsOurs.current = true
      },
      isChoosing: () => now.current.slashAsked !== null && picker.current !== null && !picker.current.away,
    })
  }, [editor])
  // Which option of a list the cursor is on, for those who hear the page.
  const onActive = useCallback(
    (list: string, option: string | undefined) => {
      if (!editor || editor.isDestroyed) return
      editor.view.dom.setAttribute('aria-controls', list)
      if (option) editor.view.dom.setAttribute('aria-activedescendant', option)
      else editor.view.dom.removeAttribute('aria-activedescendant')
    },
    [editor],
  )
  const open = Boolean(slashAsked || mentionAsked)
  useEffect(() => {
    if (open || !editor || editor.isDestroyed) return
    for (const name of ['aria-controls', 'aria-activedescendant']) editor.view.dom.removeAttribute(name)
  }, [open, editor])
  return (
    <>
      {slashAsked && slash?.({ ...slashAsked, ref: picker, onActive })}
      {mentionAsked &&
        mentions?.({ ...mentionAsked, ref: picker, onActive }, ({ id, label }) =>
          editor
            ?.chain()
            .focus()
            .insertContentAt(mentionAsked.range, [
              { type: 'mention', attrs: { id, label } },
              { type: 'text', text: ' ' },
            ])
            .run(),
        )}
      <EditorContent
        editor={editor}
        className={clsx('overflow-auto', tall ? 'min-h-0 flex-1 px-4 pt-3' : 'max-h-60 px-1')}
      />
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
      {/* No notice covers the writing's own words and controls; at a desk it is kept clear as a whole. */}
      <div ref={tall ? keepClear : undefined} className={tall ? 'flex max-h-[70%] shrink-0 flex-col' : 'contents'}>
        <div className={tall ? 'min-h-0 overflow-y-auto' : 'contents'}>{between}</div>
        {tall && formatting && editor && (
          <div role="toolbar" aria-label={t.format} className="flex overflow-x-auto border-t border-line px-2">
            <FormatTools editor={editor} onLink={() => setLinking((before) => !before)} />
          </div>
        )}
        <div
          role="toolbar"
          aria-label={tall ? t.write : t.format}
          className={clsx(
            'flex items-center',
            tall
              ? 'shrink-0 gap-1 border-t border-line bg-panel p-2 max-[360px]:flex-wrap max-[360px]:justify-end low:flex-nowrap'
              : 'mt-1.5 flex-wrap',
          )}
        >
          {!tall && editor && <FormatTools editor={editor} onLink={() => setLinking((before) => !before)} />}
          {/* On a narrow phone what sends is below them; where that has no height either they scroll, so that it is whole. */}
          <span
            className={tall ? 'flex min-w-0 items-center gap-1 overflow-x-auto [scrollbar-width:none]' : 'contents'}
          >
            {tools}
            {tall && (
              <button
                type="button"
                aria-label={t.showFormat}
                aria-expanded={formatting}
                className="grid size-11 shrink-0 place-items-center rounded-lg text-[15px] font-medium text-dim"
                onClick={() => setFormatting(!formatting)}
              >
                Aa
              </button>
            )}
          </span>
          {children}
        </div>
      </div>
    </>
  )
}
