import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { toast } from '@/components/ui/toast'
import { useCommands } from '@/desk/commands'
import { CUSTOMERS_KEY, type Customer, ORGANIZATIONS_KEY, type Organization } from '@/desk/customers'
import { DeleteDialog } from '@/desk/delete-dialog'
import { meQuery } from '@/desk/me'
import { api, unwrap } from '@/lib/api/client'
import { t } from './messages'

const versioned = ({ id, version }: { id: number; version: number }) => ({
  params: { path: { id } },
  headers: { 'if-match': `"${version}"` },
})

/** For administrators: the API lets nobody else remove a person. */
export function RemoveCustomer({ customer }: { customer: Customer }) {
  const client = useQueryClient()
  const navigate = useNavigate()
  return (
    <Remove
      name={customer.name}
      losses={[t.loses.person, t.loses.onlyWithoutTickets]}
      remove={() => unwrap(api.DELETE('/api/users/{id}', versioned(customer)))}
      removed={() => {
        client.removeQueries({ queryKey: ['customers', customer.id] })
        client.invalidateQueries({ queryKey: CUSTOMERS_KEY })
        void navigate({ to: '/customers', replace: true })
      }}
    />
  )
}

export function RemoveOrganization({ organization }: { organization: Organization }) {
  const client = useQueryClient()
  const navigate = useNavigate()
  return (
    <Remove
      name={organization.name}
      losses={[t.loses.organization, t.loses.peopleStay, t.loses.ticketsStay]}
      remove={() => unwrap(api.DELETE('/api/organizations/{id}', versioned(organization)))}
      removed={() => {
        client.removeQueries({ queryKey: ['organizations', organization.id] })
        client.invalidateQueries({ queryKey: ORGANIZATIONS_KEY })
        // Its people are shown without it from now on.
        client.invalidateQueries({ queryKey: ['customers'] })
        void navigate({ to: '/organizations', replace: true })
      }}
    />
  )
}

function Remove({
  name,
  losses,
  remove,
  removed,
}: {
  name: string
  losses: string[]
  remove: () => Promise<unknown>
  removed: () => void
}) {
  const { data: me } = useQuery(meQuery)
  const [asking, setAsking] = useState(false)
  const may = me?.role === 'admin'
  const ask = () => setAsking(true)
  useCommands(may ? [{ keys: '', label: t.delete, group: 'Actions', icon: <Trash2 size={14} />, run: ask }] : [])
  if (!may) return null
  return (
    <>
      <Button variant="chip" className="max-md:h-11" onClick={ask}>
        <Trash2 size={14} aria-hidden /> {t.delete}
      </Button>
      <DeleteDialog
        open={asking}
        name={name}
        losses={losses}
        onDelete={remove}
        onDeleted={() => {
          toast(t.deleted(name))
          removed()
        }}
        onClose={() => setAsking(false)}
      />
    </>
  )
}
