import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Modal } from '@/components/ui/modal'
import { CreationForm } from '@/desk/creation-form'
import { ORGANIZATIONS_KEY, organizationQuery } from '@/desk/customers'
import { meQuery } from '@/desk/me'
import { offeredCreation } from '@/desk/offered-act'
import { api, problemAt, unwrap } from '@/lib/api/client'
import { FormField } from './form-field'
import { t } from './messages'

export const NewOrganization = ({ open, onClose, name }: { open: boolean; onClose: () => void; name: string }) => (
  <Modal open={open} onClose={onClose} title={t.newOrganization}>
    <Form onClose={onClose} name={name} />
  </Modal>
)

/** Domains as they are typed: with blanks or commas between them. */
export const readDomains = (text: string) =>
  text
    .toLowerCase()
    .split(/[\s,;]+/)
    .filter(Boolean)

function Form({ onClose, name }: { onClose: () => void; name: string }) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const isAdmin = useQuery(meQuery).data?.role === 'admin'
  const create = useMutation({
    mutationFn: (form: FormData) => {
      const body = { name: String(form.get('name')).trim(), domains: readDomains(String(form.get('domains'))) }
      return offeredCreation({
        name: body.name,
        lane: 'new-organization',
        send: (key) => unwrap(api.POST('/api/organizations', { headers: { 'idempotency-key': key }, body })),
        remove: isAdmin
          ? (path, headers) => unwrap(api.DELETE('/api/organizations/{id}', { params: { path }, headers }))
          : undefined,
        done: () => client.invalidateQueries({ queryKey: ORGANIZATIONS_KEY }),
      })
    },
    onSuccess: (organization) => client.setQueryData(organizationQuery(organization.id).queryKey, organization),
  })
  return (
    <CreationForm
      create={create}
      shown={['name', 'domains']}
      kept="new-organization"
      onClose={onClose}
      onCreated={(organization) => {
        onClose()
        void navigate({ to: '/organizations/$id', params: { id: String(organization.id) } })
      }}
    >
      <FormField
        id="organization-name"
        name="name"
        label={t.name}
        defaultValue={name}
        message={problemAt(create.error, 'name')}
      />
      <FormField
        id="organization-domains"
        name="domains"
        label={t.domains}
        placeholder="example.com"
        message={problemAt(create.error, 'domains')}
      />
    </CreationForm>
  )
}
