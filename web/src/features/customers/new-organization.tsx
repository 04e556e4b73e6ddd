import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button } from '@/components/ui/button'
import { Modal } from '@/components/ui/modal'
import { Told } from '@/components/ui/told'
import { ORGANIZATIONS_KEY, organizationQuery } from '@/desk/customers'
import { api, problemAt, problemsOf, unwrap } from '@/lib/api/client'
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
    <form
      noValidate
      className="space-y-3"
      onSubmit={(event) => {
        event.preventDefault()
        if (!create.isPending) create.mutate(new FormData(event.currentTarget))
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
      {create.error && !problemsOf(create.error).length && (
        <p role="alert" className="text-danger">
          <Told text={create.error.message} />
        </p>
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
