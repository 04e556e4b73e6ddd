import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { Button } from '@/components/ui/button'
import { BOX } from '@/components/ui/field'
import { Modal } from '@/components/ui/modal'
import { customFieldsQuery } from './config'
import { CustomFieldControl } from './custom-field-control'
import { parseTyped } from './fields/custom-field'
import { t } from './messages'
import { wordProblem } from './problem-words'
import type { Missing } from './required'
import type { TicketChange } from './ticket-changes'

type Answers = Record<string, unknown>

/** Asks for the fields that the API wants before it solves, and only these; then the solving goes on. */
export function SolveDialog({
  open,
  missing,
  values,
  answers: [answers, setAnswers],
  solve,
  onClose,
}: {
  open: boolean
  missing: Missing | null
  /** Of the ticket's custom fields, as far as they are known. */
  values: Answers
  /** What is typed in, until the ticket is left: a dialog that was closed keeps it. */
  answers: [Answers, (next: Answers) => void]
  solve: (change: TicketChange) => Promise<unknown>
  onClose: () => void
}) {
  return (
    <Modal open={open} onClose={onClose} title={t.solving.title}>
      {missing && <Form {...{ missing, values, answers, setAnswers, solve, onClose }} />}
    </Modal>
  )
}

function Form({
  missing,
  values,
  answers,
  setAnswers,
  solve,
  onClose,
}: {
  missing: Missing
  values: Answers
  answers: Answers
  setAnswers: (next: Answers) => void
  solve: (change: TicketChange) => Promise<unknown>
  onClose: () => void
}) {
  const { data } = useQuery(customFieldsQuery)
  const form = useRef<HTMLFormElement>(null)
  const [busy, setBusy] = useState(false)
  // Whatever was asked for once stays: an answer may make the API ask for more.
  const [asked, setAsked] = useState<string[]>([])
  const wrong = new Map(missing.problems.map(({ path, message }) => [path.slice('custom.'.length), message]))
  const keys = [...new Set([...asked, ...wrong.keys()])]
  const fields = (data?.items ?? []).filter(({ key }) => keys.includes(key))
  const unknown = missing.problems.filter(({ path }) => !fields.some(({ key }) => path === `custom.${key}`))
  // After a refusal the first wrong field gets the focus.
  // biome-ignore lint/correctness/useExhaustiveDependencies: at each answer of the API
  useEffect(() => {
    form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus()
  }, [missing])
  return (
    <form
      ref={form}
      noValidate
      className="space-y-3"
      onSubmit={async (event) => {
        event.preventDefault()
        if (busy) return
        setBusy(true)
        setAsked(keys)
        const { custom: before, ...body } = missing.change.body
        const custom: Record<string, unknown> = { ...before }
        for (const field of fields) {
          const value = answers[field.key]
          if (value !== undefined)
            custom[field.key] = typeof value === 'string' ? parseTyped(field, value.trim()) : value
        }
        await solve({
          ...missing.change,
          body: { ...body, custom },
          shown: { ...missing.change.shown, custom },
        })
        setBusy(false)
      }}
    >
      <p className="text-dim">{t.solving.about(keys.length)}</p>
      {fields.map((field) => {
        const id = `solve-${field.key}`
        const value = answers[field.key] ?? values[field.key]
        // What is merely empty needs no words on top of the label; what was typed wrongly does.
        const message = asked.includes(field.key) ? wrong.get(field.key) : undefined
        const set = (next: unknown) => setAnswers({ ...answers, [field.key]: next })
        return (
          <div key={field.key}>
            <label
              id={`${id}-label`}
              htmlFor={field.type === 'multiselect' ? undefined : id}
              className="mb-1 block font-medium"
            >
              <span dir="auto">{field.label}</span>
            </label>
            <CustomFieldControl
              field={field}
              id={id}
              value={value}
              message={message}
              className={BOX}
              onChange={set}
              text={{ onText: set }}
            />
            {field.description && <p className="mt-0.5 text-[12px] text-dim">{field.description}</p>}
            {message && (
              <p id={`${id}-error`} role="alert" className="mt-0.5 text-[12px] leading-4 text-danger">
                {field.label} {message}
              </p>
            )}
          </div>
        )
      })}
      {unknown.length > 0 && (
        <ul role="alert" className="text-danger">
          {unknown.map((problem) => (
            <li key={problem.path}>{wordProblem(problem, data?.items)}</li>
          ))}
        </ul>
      )}
      <div className="flex justify-end gap-2 pt-1">
        <Button onClick={onClose} className="max-md:h-11">
          {t.solving.cancel}
        </Button>
        <Button variant="primary" type="submit" disabled={busy} className="max-md:h-11">
          {t.solving.solve}
        </Button>
      </div>
    </form>
  )
}
