import { type ReactNode, useEffect, useRef } from 'react'
import { Button } from '@/components/ui/button'
import { Told } from '@/components/ui/told'
import { problemsOf } from '@/lib/api/client'
import { useKeptForm } from '@/lib/use-kept-form'
import { Discarded } from './acts'
import { t } from './messages'
import { useProblemWords } from './problem-words'

interface Props<T> {
  create: { error: Error | null; isPending: boolean; mutateAsync: (form: FormData) => Promise<T> }
  /** Called with what was made, unless the dialog was closed while it waited for a line. */
  onCreated?: (made: T) => void
  /** The paths whose problems stand beside their fields. */
  shown: string[] | ((path: string) => boolean)
  onClose: () => void
  /** Under which name its texts are kept while it is closed. */
  kept?: string
  /** Fields that the form does not hold itself are begun anew. */
  onStartOver?: () => void
  children: ReactNode
}

/**
 * The form of a dialog that makes something new. What is wrong without having a field of its own stands at its end; what
 * is typed is there again when it was closed.
 */
export function CreationForm<T>({ create, onCreated, shown, onClose, kept, onStartOver, children }: Props<T>) {
  const words = useProblemWords()
  const form = useRef<HTMLFormElement>(null)
  const text = useKeptForm(kept, form)
  const here = useRef(true)
  useEffect(() => {
    here.current = true
    return () => {
      here.current = false
    }
  }, [])
  const submit = (values: FormData) =>
    create.mutateAsync(values).then(
      (made) => {
        text.forget()
        if (here.current) onCreated?.(made)
      },
      // Told below, where what was typed still stands.
      () => undefined,
    )
  const problems = problemsOf(create.error)
  const others = problems.filter(({ path }) => !(typeof shown === 'function' ? shown(path) : shown.includes(path)))
  return (
    <form
      ref={form}
      noValidate
      className="space-y-3"
      onInput={text.onInput}
      onSubmit={(event) => {
        event.preventDefault()
        if (!create.isPending) void submit(new FormData(event.currentTarget))
      }}
    >
      {children}
      {create.error && !(create.error instanceof Discarded) && (others.length > 0 || !problems.length) && (
        <div role="alert" className="text-danger">
          <p>
            <Told text={create.error.message} />
          </p>
          {others.map((problem) => (
            <p key={problem.path}>{words.problem(problem)}</p>
          ))}
        </div>
      )}
      <div className="flex justify-end gap-2">
        {text.kept && (
          <Button
            className="me-auto max-md:h-11"
            onClick={() => {
              text.startOver()
              onStartOver?.()
              form.current?.querySelector('input')?.focus()
            }}
          >
            {t.form.startOver}
          </Button>
        )}
        <Button className="max-md:h-11" onClick={onClose}>
          {t.form.cancel}
        </Button>
        <Button variant="primary" type="submit" className="max-md:h-11" disabled={create.isPending}>
          {t.form.create}
        </Button>
      </div>
    </form>
  )
}
