import type { ReactNode } from 'react'
import { Button } from '@/components/ui/button'
import { Told } from '@/components/ui/told'
import { problemsOf } from '@/lib/api/client'
import { t } from './messages'
import { useProblemWords } from './problem-words'

/** The form of a dialog that makes something new. What is wrong without having a field of its own stands at its end. */
export function CreationForm({
  create,
  shown,
  onClose,
  children,
}: {
  create: { error: Error | null; isPending: boolean; mutate: (form: FormData) => void }
  /** The paths whose problems stand beside their fields. */
  shown: string[]
  onClose: () => void
  children: ReactNode
}) {
  const words = useProblemWords()
  const problems = problemsOf(create.error)
  const others = problems.filter(({ path }) => !shown.includes(path))
  return (
    <form
      noValidate
      className="space-y-3"
      onSubmit={(event) => {
        event.preventDefault()
        if (!create.isPending) create.mutate(new FormData(event.currentTarget))
      }}
    >
      {children}
      {create.error && (others.length > 0 || !problems.length) && (
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
