/** The changes that an agent makes to a customer or an organization. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api, unwrap } from '@/lib/api/client'
import { Discarded } from './acts'
import {
  CUSTOMERS_KEY,
  type Customer,
  customerQuery,
  ORGANIZATIONS_KEY,
  type Organization,
  organizationQuery,
} from './customers'
import { changeRecord } from './records'

const ifMatch = (version: number) => ({ 'if-match': `"${version}"` })

export function useChangeCustomer(id: number) {
  const client = useQueryClient()
  const key = customerQuery(id).queryKey
  return useMutation({
    mutationFn: async ({
      change,
      shown,
      seen,
    }: {
      change: Partial<Customer>
      shown?: Partial<Customer>
      seen?: Customer | undefined
    }) => {
      await client.cancelQueries({ queryKey: key, exact: true })
      const before = client.getQueryData(key)
      if (!before) throw new Discarded()
      return changeRecord({
        what: before.name,
        lane: `customer-${id}`,
        before,
        seen,
        body: change,
        shown,
        word: (path, { organization }) => (path === 'organization_id' ? organization?.name : undefined),
        patch: (version, body) =>
          unwrap(api.PATCH('/api/users/{id}', { params: { path: { id } }, headers: ifMatch(version), body })),
        show: (customer: Customer) => {
          client.setQueryData(key, customer)
          client.invalidateQueries({ queryKey: CUSTOMERS_KEY, refetchType: 'none' })
        },
      })
    },
    onError: () => client.invalidateQueries({ queryKey: key, exact: true }),
  })
}

export function useChangeOrganization(id: number) {
  const client = useQueryClient()
  const key = organizationQuery(id).queryKey
  return useMutation({
    mutationFn: async ({ seen, ...change }: Partial<Organization> & { seen?: Organization | undefined }) => {
      await client.cancelQueries({ queryKey: key, exact: true })
      const before = client.getQueryData(key)
      if (!before) throw new Discarded()
      return changeRecord({
        what: before.name,
        lane: `organization-${id}`,
        before,
        seen,
        body: change,
        patch: (version, body) =>
          unwrap(api.PATCH('/api/organizations/{id}', { params: { path: { id } }, headers: ifMatch(version), body })),
        show: (organization: Organization) => {
          client.setQueryData(key, organization)
          client.invalidateQueries({ queryKey: ORGANIZATIONS_KEY, refetchType: 'none' })
        },
      })
    },
    onError: () => client.invalidateQueries({ queryKey: key, exact: true }),
  })
}
