import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Modal } from '@/components/ui/modal'
import { CreationForm } from '@/desk/creation-form'
import { ORGANIZATIONS_KEY, organizationQuery } from '@/desk/customers'
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
  const create = useMutation({
    mutationFn: (form: FormData) =>
      unwrap(
        api.POST('/api/organizations', {
          body: { name: String(form.get('name')).trim(), domains: readDomains(String(form.get('domains'))) },
        }),
      ),
    onSuccess: (organization) => {
      client.setQueryData(organizationQuery(organization.id).queryKey, organization)
      client.invalidateQueries({ queryKey: ORGANIZATIONS_KEY })
      onClose()
      void navigate({ to: '/organizations/$id', params: { id: String(organization.id) } })
    },
  })
  return (
    <CreationForm create={create} shown={['name', 'domains']} onClose={onClose}>
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
