import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Modal } from '@/components/ui/modal'
import { CreationForm } from '@/desk/creation-form'
import { CUSTOMERS_KEY, type Customer, customerQuery } from '@/desk/customers'
import { meQuery } from '@/desk/me'
import { offeredCreation } from '@/desk/offered-act'
import { api, problemAt, unwrap } from '@/lib/api/client'
import { useKept } from '@/lib/use-kept'
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
  const isAdmin = useQuery(meQuery).data?.role === 'admin'
  const { value: chosen, write: setChosen, ...kept } = useKept('new-customer-organization', organization ?? null)
  const create = useMutation({
    mutationFn: (form: FormData) => {
      const body = {
        role: 'customer' as const,
        name: String(form.get('name')).trim(),
        email: String(form.get('email')).trim() || null,
        phone: String(form.get('phone')).trim() || null,
        organization_id: chosen?.id ?? null,
      }
      return offeredCreation({
        name: body.name,
        lane: 'new-customer',
        send: (key) => unwrap(api.POST('/api/users', { headers: { 'idempotency-key': key }, body })),
        remove: isAdmin
          ? (path, headers) => unwrap(api.DELETE('/api/users/{id}', { params: { path }, headers }))
          : undefined,
        done: () => client.invalidateQueries({ queryKey: CUSTOMERS_KEY }),
      })
    },
    onSuccess: (customer) => {
      client.setQueryData(customerQuery(customer.id).queryKey, customer)
      kept.forget()
    },
  })
  const at = (path: string) => problemAt(create.error, path)
  const address = name.includes('@')
  return (
    <CreationForm
      create={create}
      shown={['name', 'email', 'phone']}
      kept="new-customer"
      onStartOver={kept.startOver}
      onClose={onClose}
      onCreated={(customer) => {
        onClose()
        void navigate({ to: '/customers/$id', params: { id: String(customer.id) } })
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
    </CreationForm>
  )
}
