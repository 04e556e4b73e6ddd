import { useLayoutEffect, useRef, useState } from 'react'
import { drafts } from '@/desk/drafts'
import { textToHtml } from '@/desk/editor/text-html'
import { undoNewest } from '@/desk/undo'
import type { Kind } from './outgoing'

const wordsOf = (html: string) => html && (new DOMParser().parseFromString(html, 'text/html').body.textContent ?? '')

/**
 * Stands in for the editor until it is loaded: whoever begins to write at once must find a field there, or their words
 * would be taken for shortcuts. What is typed goes to the draft, and the editor goes on with that.
 */
export function EarlyText({
  ticket,
  kind,
  label,
  placeholder,
  focus,
  macro = false,
  onText,
  onFocus,
  onLeave,
  onFiles,
  onSubmit,
}: {
  ticket: number
  kind: Kind
  label: string
  placeholder: string
  focus: number
  /** Begins with the sign that opens the macros. */
  macro?: boolean
  onText?: (empty: boolean) => void
  onFocus?: () => void
  /** Its writer has gone elsewhere: the editor that follows does not call them back. */
  onLeave?: () => void
  /** Pasted before there is a text that could show them. */
  onFiles?: (files: File[]) => void
  onSubmit?: () => void
}) {
  const field = useRef<HTMLTextAreaElement>(null)
  /** What the draft holds that a plain field cannot show; what is typed comes after it. */
  const [before, setBefore] = useState('')
  const shown = before && wordsOf(before)
  // Not while it is drawn: a key may come in between.
  useLayoutEffect(() => {
    const { html } = drafts.read(ticket, kind)
    const words = wordsOf(html.replaceAll('<br>', '\n'))
    if (!field.current || textToHtml(words) !== html) return setBefore(html)
    field.current.value = words
    field.current.setSelectionRange(words.length, words.length)
  }, [ticket, kind])
  // Before the next key can come.
  useLayoutEffect(() => {
    if (focus) field.current?.focus()
  }, [focus])
  const write = (text: string) => {
    const html = `${before}${text ? textToHtml(text) : ''}`
    drafts.write(ticket, kind, { html })
    onText?.(!html)
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it is asked for
  useLayoutEffect(() => {
    if (!macro || !field.current || field.current.value) return
    field.current.value = '/'
    write('/')
  }, [macro])
  return (
    <div className="min-h-[98px] flex-1 px-1">
      {shown && <p className="message line-clamp-3 text-dim">{shown}</p>}
      <textarea
        ref={field}
        dir="auto"
        aria-label={label}
        placeholder={shown ? '' : placeholder}
        className="message block min-h-[66px] w-full resize-none bg-transparent outline-none placeholder:text-dim"
        onFocus={onFocus}
        onPaste={(event) => {
          const files = [...event.clipboardData.files]
          if (!files.length || !onFiles || event.clipboardData.getData('text/plain')) return
          event.preventDefault()
          onFiles(files)
        }}
        onChange={({ target }) => write(target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
            event.preventDefault()
            onSubmit?.()
          } else if (event.key === 'z' && (event.ctrlKey || event.metaKey) && !event.currentTarget.value) {
            event.preventDefault()
            undoNewest()
          } else if (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey)) {
            // As in the editor: the palette stays away while somebody writes.
            event.preventDefault()
            event.stopPropagation()
          } else if (event.key === 'Escape') {
            event.currentTarget.blur()
            onLeave?.()
          }
        }}
      />
    </div>
  )
}
