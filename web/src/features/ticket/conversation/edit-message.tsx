import { Suspense, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Told } from '@/components/ui/told'
import { textToHtml } from '@/desk/editor/text-html'
import type { MessageItem } from '@/desk/timeline'
import { problemsOf } from '@/lib/api/client'
import { lazyPart } from '@/lib/lazy-part'
import { useKept } from '@/lib/use-kept'
import { t } from './messages'
import { useEditMessage } from './queries'

const Editor = lazyPart(() => import('@/desk/editor/editor'))
const MentionList = lazyPart(() => import('../composer/mention-list'))

/** Edits one's own message where it stands. What is written is there again when it was closed. */
export function EditMessage({ ticket, item, onClose }: { ticket: number; item: MessageItem; onClose: () => void }) {
  const before = item.body_html ?? textToHtml(item.body_text)
  const { value: html, write, kept, forget, startOver } = useKept(`edit:${item.id}`, before)
  // The editor begins with what was written last, and again when one starts over.
  const [begun, setBegun] = useState({ html, times: 1 })
  const change = useEditMessage(ticket, item.id)
  const save = () => {
    if (html === before) onClose()
    else
      change.mutateAsync({ html, before }).then(
        () => {
          forget()
          onClose()
        },
        () => undefined,
      )
  }
  return (
    <Suspense fallback={<div className="h-[98px]" aria-hidden />}>
      <div className="rounded-md border border-check bg-raised p-1.5 has-[.tiptap:focus]:border-accent has-[.tiptap:focus]:ring-1 has-[.tiptap:focus]:ring-accent">
        <Editor
          key={begun.times}
          initial={begun.html}
          placeholder=""
          label={t.editLabel}
          focus={1}
          onSubmit={save}
          onEscape={onClose}
          onChange={(next) => write(next)}
          mentions={({ range: _, ...list }, onPick) => (
            <Suspense>
              <MentionList {...list} onPick={onPick} />
            </Suspense>
          )}
        >
          <span className="flex-1" />
          {kept && (
            <Button
              onClick={() => {
                startOver()
                setBegun(({ times }) => ({ html: before, times: times + 1 }))
              }}
            >
              {t.startOver}
            </Button>
          )}
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button variant="primary" onClick={save} disabled={change.isPending}>
            {t.save}
          </Button>
        </Editor>
      </div>
      {change.error && (
        <p role="alert" className="mt-1 text-danger-ink">
          <Told text={problemsOf(change.error)[0]?.message ?? change.error.message} />
        </p>
      )}
    </Suspense>
  )
}
