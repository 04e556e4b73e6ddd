import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { CONTROL } from '@/components/ui/field'
import { Modal } from '@/components/ui/modal'
import { toast } from '@/components/ui/toast'
import { problemsOf } from '@/lib/api/client'
import { t } from './messages'
import { useRedactMessage } from './queries'

/** Takes words or everything out of a message, for good. */
export default function RedactDialog({
  ticket,
  message,
  words: initial,
  onClose,
}: {
  ticket: number
  message: number
  /** What was selected in the message. */
  words: string
  onClose: () => void
}) {
  const [whole, setWhole] = useState(false)
  const [words, setWords] = useState(initial)
  const redact = useRedactMessage(ticket, message)
  const wrong = problemsOf(redact.error)[0]?.message ?? redact.error?.message
  return (
    <Modal open onClose={onClose} title={t.redactTitle}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          redact.mutate(whole ? {} : { text: words.trim() }, {
            onSuccess: () => {
              toast.success(t.redactDone)
              onClose()
            },
          })
        }}
      >
        <p className="mb-4 rounded-md bg-danger-soft px-3 py-2 text-danger-ink">{t.redactWarning}</p>
        <label className="flex min-h-6 items-center gap-2">
          <input type="radio" name="what" checked={!whole} onChange={() => setWhole(false)} /> {t.redactWords}
        </label>
        {!whole && (
          <input
            // biome-ignore lint/a11y/noAutofocus: the dialog opens to be told them
            autoFocus
            dir="auto"
            aria-label={t.words}
            aria-invalid={Boolean(wrong)}
            aria-describedby={wrong ? 'redact-problem' : undefined}
            className={`${CONTROL} mt-1 mb-2 h-9`}
            value={words}
            onChange={(event) => setWords(event.target.value)}
          />
        )}
        <label className="flex min-h-6 items-center gap-2">
          <input type="radio" name="what" checked={whole} onChange={() => setWhole(true)} /> {t.redactAll}
        </label>
        {wrong && (
          <p id="redact-problem" role="alert" className="mt-2 text-danger-ink">
            {wrong}
          </p>
        )}
        <div className="mt-5 flex justify-end gap-2">
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button variant="primary" type="submit" disabled={redact.isPending || (!whole && !words.trim())}>
            {t.redactNow}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
