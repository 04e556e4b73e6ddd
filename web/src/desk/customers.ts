/** Customers and organizations as the caches hold them, what is noted of them, and the changes an agent makes to them. */
import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query'
import { api, type Schemas, unwrap } from '@/lib/api/client'
import { t } from './messages'
import { valuesBefore, withUndo } from './undo'

export type Customer = Schemas['User']
export type Organization = Schemas['Organization']
export type CustomerNote = Schemas['CustomerNote']

/** Whom a note, a history or a list of tickets is about. */
export type About = { kind: 'customer' | 'organization'; id: number }

const PAGE = 50

export const customerQuery = (id: number) =>
  queryOptions({
    queryKey: ['customers', id],
    queryFn: ({ signal }) => unwrap(api.GET('/api/users/{id}', { params: { path: { id } }, signal })),
  })

export const organizationQuery = (id: number) =>
  queryOptions({
    queryKey: ['organizations', id],
    queryFn: ({ signal }) => unwrap(api.GET('/api/organizations/{id}', { params: { path: { id } }, signal })),
  })

export const CUSTOMERS_KEY = ['customers', 'list']

/** Customers by name, or those who came last first; those who were merged away left out. */
export const customersQuery = (filters: { q?: string; organization?: number; sort?: string }) =>
  infiniteQueryOptions({
    queryKey: [...CUSTOMERS_KEY, filters],
    placeholderData: keepPreviousData,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/users', {
          params: {
            query: {
              role: 'customer',
              active: true,
              limit: PAGE,
              ...(filters.q ? { q: filters.q } : {}),
              ...(filters.sort ? { sort: filters.sort } : {}),
              ...(filters.organization ? { organization_id: filters.organization } : {}),
              ...(pageParam ? { after: pageParam } : {}),
            },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
  })

export const ORGANIZATIONS_KEY = ['organizations', 'list']

export const organizationsQuery = (q: string) =>
  infiniteQueryOptions({
    queryKey: [...ORGANIZATIONS_KEY, q],
    placeholderData: keepPreviousData,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/organizations', {
          params: { query: { limit: PAGE, ...(q ? { q } : {}), ...(pageParam ? { after: pageParam } : {}) } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
  })

const path = ({ id }: About) => ({ path: { id } })

export const historyQuery = (about: About) =>
  infiniteQueryOptions({
    queryKey: ['history', about],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: PAGE, ...(pageParam ? { after: pageParam } : {}) }
      return unwrap(
        about.kind === 'customer'
          ? api.GET('/api/users/{id}/history', { params: { ...path(about), query }, signal })
          : api.GET('/api/organizations/{id}/history', { params: { ...path(about), query }, signal }),
      )
    },
    getNextPageParam: (page) => page.next ?? undefined,
  })

/** Their tickets, whatever their status, the one that changed last first. */
export const ticketsOfQuery = (about: About) =>
  infiniteQueryOptions({
    queryKey: ['tickets-of', about],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/tickets', {
          params: {
            query: {
              sort: '-updated_at',
              limit: PAGE,
              ...(about.kind === 'customer' ? { requester: String(about.id) } : { organization: String(about.id) }),
              ...(pageParam ? { after: pageParam } : {}),
            },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
  })

const aboutKey = ({ kind, id }: About) => (kind === 'customer' ? { user_id: id } : { organization_id: id })

export const notesQuery = (about: About) =>
  queryOptions({
    queryKey: ['customer-notes', about.kind, about.id],
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/customer-notes', { params: { query: { ...aboutKey(about), limit: 200 } }, signal })),
  })

const ifMatch = (version: number) => ({ 'if-match': `"${version}"` })

export function useNotes(about: About) {
  const client = useQueryClient()
  const key = notesQuery(about).queryKey
  const onSettled = () => client.invalidateQueries({ queryKey: key })
  const set = (change: (notes: CustomerNote[]) => CustomerNote[]) => {
    const before = client.getQueryData(key)
    if (before) client.setQueryData(key, { ...before, items: change(before.items) })
    return { before }
  }
  const onError = (_: Error, __: unknown, context: ReturnType<typeof set> | undefined) => {
    if (context?.before) client.setQueryData(key, context.before)
  }
  return {
    add: useMutation({
      mutationFn: ({ text, pinned = false }: { text: string; pinned?: boolean }) =>
        unwrap(api.POST('/api/customer-notes', { body: { ...aboutKey(about), body_text: text, pinned } })),
      onSuccess: (note) => {
        set((notes) => [note, ...notes])
      },
      onSettled,
    }),
    change: useMutation({
      mutationFn: ({ note, change }: { note: CustomerNote; change: { body_text?: string; pinned?: boolean } }) =>
        unwrap(
          api.PATCH('/api/customer-notes/{id}', {
            params: { path: { id: note.id } },
            headers: ifMatch(note.version),
            body: change,
          }),
        ),
      onMutate: ({ note, change }) =>
        set((notes) =>
          notes.map((each) =>
            each.id === note.id ? { ...each, ...change } : change.pinned ? { ...each, pinned: false } : each,
          ),
        ),
      onError,
      onSettled,
    }),
    remove: useMutation({
      mutationFn: (note: CustomerNote) =>
        unwrap(
          api.DELETE('/api/customer-notes/{id}', { params: { path: { id: note.id } }, headers: ifMatch(note.version) }),
        ),
      onMutate: (note) => set((notes) => notes.filter((each) => each.id !== note.id)),
      onError,
      onSettled,
    }),
  }
}

/** `shown`: what the page shows of it, when that is more than what is sent. */
interface CustomerChange {
  change: Partial<Customer>
  shown?: Partial<Customer>
}

/** Changes a customer: shown at once, put back when it is refused, and offered to be undone. */
export function useChangeCustomer(id: number) {
  const client = useQueryClient()
  const key = customerQuery(id).queryKey
  const mutation = useMutation({
    scope: { id: `customer-${id}` },
    mutationFn: ({ change }: CustomerChange) =>
      unwrap(
        api.PATCH('/api/users/{id}', {
          params: { path: { id } },
          headers: ifMatch(client.getQueryData(key)?.version ?? 0),
          body: change,
        }),
      ),
    onMutate: async ({ change, shown }) => {
      await client.cancelQueries({ queryKey: key, exact: true })
      const before = client.getQueryData(key)
      if (before) client.setQueryData(key, { ...before, ...change, ...shown })
      return { before }
    },
    onError: (_, __, context) => client.setQueryData(key, context?.before),
    onSuccess: (customer) => {
      client.setQueryData(key, customer)
      client.invalidateQueries({ queryKey: CUSTOMERS_KEY })
    },
    onSettled: (_, error) => error && client.invalidateQueries({ queryKey: key, exact: true }),
  })
  const save = (what: CustomerChange) => {
    const before = client.getQueryData(key)
    const work = mutation.mutateAsync(what)
    if (!before) return work
    const back = { change: valuesBefore(before, what.change), shown: valuesBefore(before, what.shown ?? {}) }
    return withUndo(work, t.changed.other(before.name), () => mutation.mutateAsync(back))
  }
  return { save, error: mutation.error }
}

export function useChangeOrganization(id: number) {
  const client = useQueryClient()
  const key = organizationQuery(id).queryKey
  const mutation = useMutation({
    scope: { id: `organization-${id}` },
    mutationFn: (change: Partial<Organization>) =>
      unwrap(
        api.PATCH('/api/organizations/{id}', {
          params: { path: { id } },
          headers: ifMatch(client.getQueryData(key)?.version ?? 0),
          body: change,
        }),
      ),
    onMutate: async (change) => {
      await client.cancelQueries({ queryKey: key, exact: true })
      const before = client.getQueryData(key)
      if (before) client.setQueryData(key, { ...before, ...change })
      return { before }
    },
    onError: (_, __, context) => client.setQueryData(key, context?.before),
    onSuccess: (organization) => {
      client.setQueryData(key, organization)
      client.invalidateQueries({ queryKey: ORGANIZATIONS_KEY })
    },
    onSettled: (_, error) => error && client.invalidateQueries({ queryKey: key, exact: true }),
  })
  return (change: Partial<Organization>) => {
    const before = client.getQueryData(key)
    const work = mutation.mutateAsync(change)
    if (!before) return work
    return withUndo(work, t.changed.other(before.name), () => mutation.mutateAsync(valuesBefore(before, change)))
  }
}
