import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { Modal } from '@/components/ui/modal'
import { Told } from '@/components/ui/told'
import { CUSTOMERS_KEY, type Customer, customerQuery } from '@/desk/customers'
import { api, problemAt, problemsOf, unwrap } from '@/lib/api/client'
import { FormField } from './form-field'
import { t } from './messages'
import { OrganizationPicker } from './organization-picker'

/** The dialog that adds a customer. `name`: what was looked for in vain. */
export const NewCustomer = ({
  open,
  onClose,
  name = '',
  organization = null,
}: {
  open: boolean
  onClose: () => void
  name?: string
  organization?: Customer['organization']
}) => (
  <Modal open={open} onClose={onClose} title={t.newPerson}>
    <Form onClose={onClose} name={name} organization={organization} />
  </Modal>
)

function Form({
  onClose,
  name,
  organization,
}: {
  onClose: () => void
  name: string
  organization: Customer['organization']
}) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const [chosen, setChosen] = useState(organization ?? null)
  const create = useMutation({
    mutationFn: (form: FormData) =>
      unwrap(
        api.POST('/api/users', {
          body: {
            role: 'customer',
            name: String(form.get('name')).trim(),
            email: String(form.get('email')).trim() || null,
            phone: String(form.get('phone')).trim() || null,
            organization_id: chosen?.id ?? null,
          },
        }),
      ),
    onSuccess: (customer) => {
      client.setQueryData(customerQuery(customer.id).queryKey, customer)
      client.invalidateQueries({ queryKey: CUSTOMERS_KEY })
      onClose()
      void navigate({ to: '/customers/$id', params: { id: String(customer.id) } })
    },
  })
  const at = (path: string) => problemAt(create.error, path)
  const others = problemsOf(create.error).filter(({ path }) => !['name', 'email', 'phone'].includes(path))
  const address = name.includes('@')
  return (
    <form
      noValidate
      className="space-y-3"
      onSubmit={(event) => {
        event.preventDefault()
        if (!create.isPending) create.mutate(new FormData(event.currentTarget))
      }}
    >
      <FormField
        id="person-name"
        name="name"
        label={t.name}
        defaultValue={address ? '' : name}
        message={at('name')}
        required
      />
      <FormField
        id="person-email"
        name="email"
        type="email"
        label={t.email}
        defaultValue={address ? name : ''}
        message={at('email')}
      />
      <FormField id="person-phone" name="phone" type="tel" label={t.phone} message={at('phone')} />
      <div>
        <span id="person-organization" className="mb-1 block">
          {t.organization}
        </span>
        <OrganizationPicker label={t.organization} value={chosen} onChange={setChosen} />
      </div>
      {create.error && (others.length > 0 || !problemsOf(create.error).length) && (
        <div role="alert" className="text-danger">
          <p>
            <Told text={create.error.message} />
          </p>
          {others.map(({ path, message }) => (
            <p key={path}>
              {path}: {message}
            </p>
          ))}
        </div>
      )}
      <div className="flex justify-end gap-2">
        <Button className="max-md:h-11" onClick={onClose}>
          {t.cancel}
        </Button>
        <Button variant="primary" type="submit" className="max-md:h-11" disabled={create.isPending}>
          {t.create}
        </Button>
      </div>
    </form>
  )
}
