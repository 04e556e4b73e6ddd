import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import clsx from 'clsx'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Modal } from '@/components/ui/modal'
import { customFieldsQuery } from '@/desk/config'
import { CustomFieldControl, parseTyped } from '@/desk/custom-field-control'
import { countsQuery, QUEUE_KEY } from '@/desk/tickets'
import { api, problemAt, problemsOf, unwrap } from '@/lib/api/client'

/** The dialog in which an agent creates a ticket for a customer. */
export const CreateTicket = ({ open, onClose }: { open: boolean; onClose: () => void }) => (
  <Modal open={open} onClose={onClose} title="New ticket">
    <Form onClose={onClose} />
  </Modal>
)

const box = 'w-full rounded-md border border-line bg-canvas px-2.5 focus:border-accent aria-invalid:border-danger'

/** Each problem is shown beside its field; those without a field are shown at the end. */
function Form({ onClose }: { onClose: () => void }) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const { data } = useQuery(customFieldsQuery)
  const [custom, setCustom] = useState<Record<string, unknown>>({})
  const form = useRef<HTMLFormElement>(null)
  const fields = data?.items.filter((field) => field.active) ?? []
  const create = useMutation({
    mutationFn: (form: FormData) => {
      const text = (name: string) => String(form.get(name) ?? '')
      return unwrap(
        api.POST('/api/tickets', {
          body: {
            subject: text('subject'),
            description: text('description'),
            requester: { email: text('email'), name: text('name') },
            custom: Object.fromEntries(
              fields.flatMap((field) => {
                const value = custom[field.key]
                const given = typeof value === 'string' ? parseTyped(field, value.trim()) : value
                const empty = given === undefined || given === null || (Array.isArray(given) && !given.length)
                return empty ? [] : [[field.key, given]]
              }),
            ),
          },
        }),
      )
    },
    onSuccess: (ticket) => {
      onClose()
      client.invalidateQueries({ queryKey: QUEUE_KEY })
      client.invalidateQueries({ queryKey: countsQuery.queryKey })
      navigate({ to: '/tickets/$id', params: { id: String(ticket.id) } })
    },
  })
  // The first wrong field gets the focus.
  useEffect(() => {
    if (create.error) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus()
  }, [create.error])
  const at = (path: string) => problemAt(create.error, path)
  const known = new Set(['requester.email', 'requester.name', 'subject', 'description'])
  for (const field of fields) known.add(`custom.${field.key}`)
  const otherProblems = problemsOf(create.error).filter(({ path }) => !known.has(path))

  const labelled = (id: string, label: string, path: string, control: ReactNode, plain = false) => {
    const message = at(path)
    return (
      <div key={id}>
        <label id={`${id}-label`} htmlFor={plain ? undefined : id} className="mb-1 block">
          {label}
        </label>
        {control}
        {message && (
          <p id={`${id}-error`} role="alert" className="mt-0.5 text-[12px] leading-4 text-danger">
            {label} {message}
          </p>
        )}
      </div>
    )
  }
  const describe = (id: string, path: string) => ({
    id,
    'aria-invalid': Boolean(at(path)),
    'aria-describedby': at(path) ? `${id}-error` : undefined,
  })
  return (
    <form
      ref={form}
      className="space-y-3"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (!create.isPending) create.mutate(new FormData(event.currentTarget))
      }}
    >
      <div className="grid grid-cols-2 gap-3">
        {labelled(
          'new-email',
          "Customer's e-mail",
          'requester.email',
          <input
            {...describe('new-email', 'requester.email')}
            name="email"
            type="email"
            className={clsx(box, 'h-8')}
            autoComplete="off"
          />,
        )}
        {labelled(
          'new-name',
          "Customer's name",
          'requester.name',
          <input
            {...describe('new-name', 'requester.name')}
            name="name"
            className={clsx(box, 'h-8')}
            autoComplete="off"
          />,
        )}
      </div>
      {labelled(
        'new-subject',
        'Subject',
        'subject',
        <input {...describe('new-subject', 'subject')} name="subject" className={clsx(box, 'h-8')} />,
      )}
      {labelled(
        'new-description',
        'What is it about?',
        'description',
        <textarea
          {...describe('new-description', 'description')}
          name="description"
          rows={5}
          className={clsx(box, 'py-1.5')}
        />,
      )}
      {fields.length > 0 && (
        <fieldset className="grid grid-cols-2 gap-x-3 gap-y-2.5 border-t border-line pt-3">
          <legend className="sr-only">Details</legend>
          {fields.map((field) => {
            const id = `new-${field.key}`
            const value = custom[field.key]
            const set = (next: unknown) => setCustom((now) => ({ ...now, [field.key]: next }))
            return labelled(
              id,
              field.required_on_create ? `${field.label} *` : field.label,
              `custom.${field.key}`,
              <CustomFieldControl
                field={field}
                id={id}
                value={value}
                message={at(`custom.${field.key}`)}
                className={clsx(box, 'h-8')}
                onChange={set}
                text={{ value: String(value ?? ''), onText: set }}
              />,
              field.type === 'multiselect',
            )
          })}
        </fieldset>
      )}
      {create.error && (
        <div role="alert" className="text-danger">
          <p>{create.error.message}.</p>
          {otherProblems.map(({ path, message }) => (
            <p key={path}>
              {path}: {message}
            </p>
          ))}
        </div>
      )}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button variant="primary" type="submit" disabled={create.isPending}>
          Create ticket
        </Button>
      </div>
    </form>
  )
}
