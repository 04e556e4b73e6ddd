import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { BOX } from '@/components/ui/field'
import { Modal } from '@/components/ui/modal'
import { CreationForm } from '@/desk/creation-form'
import { CustomFieldControl } from '@/desk/custom-field-control'
import { parseTyped } from '@/desk/fields/custom-field'
import { type ObjectType, objectFieldsQuery, RECORDS_KEY, recordQuery } from '@/desk/objects'
import { api, problemAt, unwrap } from '@/lib/api/client'
import { t } from './messages'
import { fieldLabel } from './record-fields'

export const NewRecord = ({
  type,
  name,
  open,
  onClose,
}: {
  type: ObjectType
  name: string
  open: boolean
  onClose: () => void
}) => (
  <Modal open={open} onClose={onClose} title={t.add(type.name)}>
    <Form type={type} name={name} onClose={onClose} />
  </Modal>
)

/** Each problem stands beside its field. */
function Form({ type, name, onClose }: { type: ObjectType; name: string; onClose: () => void }) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const { data } = useQuery(objectFieldsQuery(type.id))
  const [values, setValues] = useState<Record<string, unknown>>({})
  const fields = data?.items.filter(({ active }) => active) ?? []
  const create = useMutation({
    mutationFn: (form: FormData) =>
      unwrap(
        api.POST('/api/object-records', {
          body: {
            type: type.key,
            name: String(form.get('name')).trim(),
            custom: Object.fromEntries(
              fields.flatMap((field) => {
                const given = values[field.key]
                const value = typeof given === 'string' ? parseTyped(field, given.trim()) : given
                return value === undefined || value === null ? [] : [[field.key, value]]
              }),
            ),
          },
        }),
      ),
    onSuccess: (record) => {
      client.setQueryData(recordQuery(record.id).queryKey, record)
      client.invalidateQueries({ queryKey: RECORDS_KEY })
      onClose()
      void navigate({ to: '/objects/$type/$id', params: { type: type.key, id: String(record.id) } })
    },
  })
  const row = (
    path: string,
    label: string,
    control: (id: string, message: string | undefined) => ReactNode,
    several = false,
  ) => {
    const id = `record-${path.replace('.', '-')}`
    const message = problemAt(create.error, path)
    return (
      <div key={path}>
        <label id={`${id}-label`} htmlFor={several ? undefined : id} className="mb-1 block" dir="auto">
          {label}
        </label>
        {control(id, message)}
        {message && (
          <p id={`${id}-error`} role="alert" className="mt-0.5 text-[12px] text-danger">
            {label}: {message}
          </p>
        )}
      </div>
    )
  }
  return (
    <CreationForm create={create} shown={['name', ...fields.map(({ key }) => `custom.${key}`)]} onClose={onClose}>
      {row('name', t.name, (id, message) => (
        <input
          id={id}
          aria-invalid={Boolean(message)}
          aria-describedby={message && `${id}-error`}
          name="name"
          dir="auto"
          defaultValue={name}
          autoComplete="off"
          className={BOX}
        />
      ))}
      {fields.map((field) => {
        const value = values[field.key]
        const set = (next: unknown) => setValues((all) => ({ ...all, [field.key]: next }))
        return row(
          `custom.${field.key}`,
          fieldLabel(field),
          (id, message) => (
            <CustomFieldControl
              field={field}
              id={id}
              value={value}
              message={message}
              className={BOX}
              onChange={set}
              text={{ onText: set }}
            />
          ),
          field.type === 'multiselect',
        )
      })}
    </CreationForm>
  )
}
