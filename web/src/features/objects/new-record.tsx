import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { Modal } from '@/components/ui/modal'
import { CreationForm } from '@/desk/creation-form'
import { type ObjectType, objectFieldsQuery, RECORDS_KEY, recordQuery } from '@/desk/objects'
import { api, problemAt, unwrap } from '@/lib/api/client'
import { FieldControl, fieldLabel, readTyped } from './field-control'
import { t } from './messages'

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
  const [texts, setTexts] = useState<Record<string, string>>({})
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
                const text = texts[field.key]?.trim()
                return text ? [[field.key, readTyped(field, text)]] : []
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
  const row = (path: string, label: string, control: (shared: object) => React.ReactNode) => {
    const id = `record-${path}`
    const message = problemAt(create.error, path)
    return (
      <div key={path}>
        <label htmlFor={id} className="mb-1 block" dir="auto">
          {label}
        </label>
        {control({ id, 'aria-invalid': Boolean(message), 'aria-describedby': message ? `${id}-error` : undefined })}
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
      {row('name', t.name, (shared) => (
        <input
          {...shared}
          name="name"
          dir="auto"
          defaultValue={name}
          autoComplete="off"
          className="h-8 w-full rounded-md border border-line bg-canvas px-2.5 focus:border-accent aria-invalid:border-danger max-md:h-11"
        />
      ))}
      {fields.map((field) =>
        row(`custom.${field.key}`, fieldLabel(field), (shared) => (
          <FieldControl
            {...shared}
            field={field}
            text={texts[field.key] ?? ''}
            onText={(text) => setTexts((all) => ({ ...all, [field.key]: text }))}
          />
        )),
      )}
    </CreationForm>
  )
}
