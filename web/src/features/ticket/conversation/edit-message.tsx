import { Suspense, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Told } from '@/components/ui/told'
import { textToHtml } from '@/desk/editor/text-html'
import type { MessageItem } from '@/desk/timeline'
import { withUndo } from '@/desk/undo'
import { problemsOf } from '@/lib/api/client'
import { lazyPart } from '@/lib/lazy-part'
import { t } from './messages'
import { useChangeMessage } from './queries'

const Editor = lazyPart(() => import('@/desk/editor/editor'))
const MentionList = lazyPart(() => import('../composer/mention-list'))

/** Edits one's own message where it stands. */
export function EditMessage({ ticket, item, onClose }: { ticket: number; item: MessageItem; onClose: () => void }) {
  const before = item.body_html ?? textToHtml(item.body_text)
  const [html, setHtml] = useState(before)
  const change = useChangeMessage(ticket, item.id)
  const save = () => {
    if (html === before) onClose()
    else
      withUndo(change.mutateAsync({ verb: 'edit', html }), t.messageChanged(ticket), () =>
        change.mutateAsync({ verb: 'edit', html: before }),
      ).then(onClose, () => undefined)
  }
  return (
    <Suspense fallback={<div className="h-[98px]" aria-hidden />}>
      <Editor
        initial={before}
        placeholder=""
        label={t.editLabel}
        focus={1}
        onSubmit={save}
        onEscape={onClose}
        onChange={(next) => setHtml(next)}
        mentions={({ range: _, ...list }, onPick) => (
          <Suspense>
            <MentionList {...list} onPick={onPick} />
          </Suspense>
        )}
      >
        <span className="flex-1" />
        <Button onClick={onClose}>{t.cancel}</Button>
        <Button variant="primary" onClick={save} disabled={change.isPending}>
          {t.save}
        </Button>
      </Editor>
      {change.error && (
        <p role="alert" className="mt-1 text-danger-ink">
          <Told text={problemsOf(change.error)[0]?.message ?? change.error.message} />
        </p>
      )}
    </Suspense>
  )
}
