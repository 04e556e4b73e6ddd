import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { Modal } from '@/components/ui/modal'
import { CreationForm } from '@/desk/creation-form'
import { CUSTOMERS_KEY, type Customer, customerQuery } from '@/desk/customers'
import { api, problemAt, unwrap } from '@/lib/api/client'
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
  const address = name.includes('@')
  return (
    <CreationForm create={create} shown={['name', 'email', 'phone']} onClose={onClose}>
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
    </CreationForm>
  )
}
