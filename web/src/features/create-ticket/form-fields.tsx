import clsx from 'clsx'
import { BOX } from '@/components/ui/field'
import { CustomFieldControl } from '@/desk/custom-field-control'
import type { Labelled } from './labelled'
import { t } from './messages'
import type { useForm } from './use-form'

/** Which form the ticket is filled in by, where there is a choice, and the fields that this form asks for. */
export function FormFields({
  form: { options, form, standard, choose, asked, custom, setCustom },
  labelled,
  describe,
  problemAt,
}: {
  form: ReturnType<typeof useForm>
  problemAt: (path: string) => string | undefined
} & Labelled) {
  const choices = options.length + (standard ? 0 : 1)
  if (choices < 2 && !asked.length) return null
  const described = describe('new-form', 'form_id')
  return (
    <fieldset className="grid grid-cols-2 max-sm:grid-cols-1 gap-x-3 gap-y-2.5 border-t border-line pt-3">
      <legend className="sr-only">{t.details}</legend>
      {choices > 1 && (
        <div className="col-span-full">
          {labelled(
            'new-form',
            t.form,
            'form_id',
            <select
              {...described}
              aria-describedby={
                clsx(described['aria-describedby'], form?.description && 'new-form-description') || undefined
              }
              className={BOX}
              value={form?.id ?? ''}
              onChange={({ target }) => choose(target.value ? Number(target.value) : undefined)}
            >
              {!standard && <option value="">{t.noForm}</option>}
              {options.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>,
          )}
          {form?.description && (
            <p id="new-form-description" dir="auto" className="mt-0.5 text-[12px] leading-4 text-dim">
              {form.description}
            </p>
          )}
        </div>
      )}
      {asked.map(({ field, required }) => {
        const id = `new-${field.key}`
        const path = `custom.${field.key}`
        const value = custom[field.key]
        const set = (next: unknown) => setCustom({ ...custom, [field.key]: next })
        return labelled(
          id,
          field.label,
          path,
          <CustomFieldControl
            field={field}
            id={id}
            value={value}
            message={problemAt(path)}
            className={BOX}
            onChange={set}
            text={{ onText: set }}
          />,
          { group: field.type === 'multiselect', required: required === 'create' },
        )
      })}
    </fieldset>
  )
}
