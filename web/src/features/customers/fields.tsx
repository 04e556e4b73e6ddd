import { Plus } from 'lucide-react'
import { type FormEvent, useRef, useState } from 'react'
import { Button } from '@/components/ui/button'
import { BOX } from '@/components/ui/field'
import { InlineField } from '@/components/ui/inline-field'
import { useKeptForm } from '@/lib/use-kept-form'
import { textOf, type Values, withValue } from './custom-values'
import { t } from './messages'

/** The desk's own fields of a customer or an organization, each edited where it stands. */
export function Fields<T extends { custom: Values }>({
  of,
  disabled,
  kept,
  save,
}: {
  /** Whose they are. */
  of: T
  disabled: boolean
  /** What is typed is kept under this name. */
  kept: string
  /** `seen`: whose they are, as it was when a field was opened. */
  save: (values: Values, seen?: T) => Promise<unknown>
}) {
  const values = of.custom
  const [adding, setAdding] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const names = Object.keys(values).sort((a, b) => a.localeCompare(b))
  return (
    <section aria-label={t.fields}>
      <header className="flex h-8 items-center justify-between">
        <h2 className="font-semibold">{t.fields}</h2>
        {!adding && !disabled && (
          <Button className="-me-2 text-dim max-md:h-11" onClick={() => setAdding(true)}>
            <Plus size={14} aria-hidden /> {t.addField}
          </Button>
        )}
      </header>
      {names.length === 0 && !adding && <p className="text-dim">{t.noFields}</p>}
      <dl className="grid grid-cols-[minmax(72px,35%)_minmax(0,1fr)] items-start gap-x-2">
        {names.map((name) => (
          <div key={name} className="contents">
            <dt className="py-0.5 text-dim [overflow-wrap:anywhere] max-md:py-2.5" dir="auto">
              {name}
            </dt>
            <dd className="min-w-0">
              <InlineField
                label={name}
                kept={`${kept}:custom.${name}`}
                of={of}
                value={textOf(values[name])}
                disabled={disabled}
                onSave={(text, seen) => save(withValue(values, name, text), seen)}
              />
            </dd>
          </div>
        ))}
      </dl>
      {adding && (
        <NewField
          kept={`${kept}:field`}
          values={values}
          error={error}
          setError={setError}
          save={save}
          show={setAdding}
        />
      )}
    </section>
  )
}

/** What is typed is there again when it was closed. */
function NewField({
  kept,
  values,
  error,
  setError,
  save,
  show,
}: {
  kept: string
  values: Values
  error: string | null
  setError: (error: string | null) => void
  save: (values: Values) => Promise<unknown>
  show: (open: boolean) => void
}) {
  const form = useRef<HTMLFormElement>(null)
  const text = useKeptForm(kept, form)
  const add = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const typed = new FormData(event.currentTarget)
    const name = String(typed.get('name')).trim()
    const value = String(typed.get('value')).trim()
    if (!name || !value) return
    if (name in values) return setError(t.fieldThere)
    // Shown among the others at once; what is refused is here again.
    show(false)
    setError(null)
    save(withValue(values, name, value)).then(text.forget, (refused: Error) => {
      setError(refused.message)
      show(true)
    })
  }
  return (
    <form ref={form} className="space-y-1.5 pt-1" onSubmit={add} onInput={text.onInput}>
      <div className="flex gap-1.5">
        <input
          // biome-ignore lint/a11y/noAutofocus: they have just asked to add it
          autoFocus
          name="name"
          aria-label={t.fieldName}
          placeholder={t.fieldName}
          dir="auto"
          maxLength={100}
          aria-invalid={error !== null}
          aria-describedby={error ? 'field-error' : undefined}
          className={`${BOX} min-w-0`}
        />
        <input
          name="value"
          aria-label={t.fieldValue}
          placeholder={t.fieldValue}
          dir="auto"
          className={`${BOX} min-w-0`}
        />
      </div>
      {error && (
        <p id="field-error" role="alert" className="text-[12px] text-danger">
          {error}
        </p>
      )}
      <div className="flex justify-end gap-1.5">
        <Button className="max-md:h-11" onClick={() => show(false)}>
          {t.cancel}
        </Button>
        <Button type="submit" variant="primary" className="max-md:h-11">
          {t.add}
        </Button>
      </div>
    </form>
  )
}
