/** What this agent is told of: for the bell, the title of the page, the panel and the browser's own notices. */
import {
  type InfiniteData,
  infiniteQueryOptions,
  type QueryClient,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query'
import { toast } from '@/components/ui/toast'
import { told } from '@/components/ui/told'
import { api, type Schemas, unwrap } from '@/lib/api/client'
import { t } from './messages'
import { offeredAct, tellRefusal } from './offered-act'

export type Notification = Schemas['Notification']
type Page = Schemas['NotificationPage']

/** What is about oneself: it counts in the bell and the title, and only it makes the browser speak up. */
export const FOR_ME = ['mentioned', 'assigned', 'requester_replied'] as const

export type Tab = 'me' | 'all' | 'done'

const QUERY = { me: { done: false, kind: FOR_ME.join(',') }, all: { done: false }, done: { done: true } } as const

const KEY = ['notifications'] as const
const LIST = [...KEY, 'list'] as const

/** Newest first; read on as the list is scrolled. */
export const notificationsQuery = (tab: Tab) =>
  infiniteQueryOptions({
    queryKey: [...LIST, tab],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/me/notifications', {
          params: { query: { limit: 50, ...QUERY[tab], ...(pageParam ? { after: pageParam } : {}) } },
          signal,
        }),
      ),
    getNextPageParam: ({ next }) => next ?? undefined,
  })

/** How much is unread: about oneself, and in all. */
export const unreadQuery = queryOptions({
  queryKey: [...KEY, 'unread'],
  queryFn: async ({ signal }) => {
    const page = await unwrap(api.GET('/api/me/notifications', { params: { query: { limit: 1 } }, signal }))
    return { me: page.unread_for_me, all: page.unread }
  },
})

export const readNotificationsAnew = (client: QueryClient) => client.invalidateQueries({ queryKey: KEY })

export interface Mark {
  ids: number[]
  read?: boolean
  done?: boolean
}

/** Shown at once: what is done leaves its list, what is read loses its dot. Put back when it is refused. */
export function useMarkNotifications() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (mark: Mark) => unwrap(api.PATCH('/api/me/notifications', { body: mark })),
    onMutate: async ({ ids, read, done }) => {
      await client.cancelQueries({ queryKey: LIST })
      const before = client.getQueriesData<InfiniteData<Page>>({ queryKey: LIST })
      const now = new Date().toISOString()
      const marked = (item: Notification): Notification => {
        const isRead = read ?? (done ? true : undefined)
        return {
          ...item,
          ...(isRead === undefined ? {} : { read_at: isRead ? (item.read_at ?? now) : null }),
          ...(done === undefined ? {} : { done_at: done ? now : null }),
        }
      }
      for (const [key, data] of before) {
        const leaves = done !== undefined && done !== (key.at(-1) === 'done')
        const change = (items: Notification[]) =>
          leaves
            ? items.filter(({ id }) => !ids.includes(id))
            : items.map((item) => (ids.includes(item.id) ? marked(item) : item))
        if (data)
          client.setQueryData(key, {
            ...data,
            pages: data.pages.map((page) => ({ ...page, items: change(page.items) })),
          })
      }
      return { before }
    },
    onError: (error, _, context) => {
      for (const [key, data] of context?.before ?? []) client.setQueryData(key, data)
      toast.error(told(error.message))
    },
    onSettled: () => readNotificationsAnew(client),
  })
}

/** All that are unread up to this one: a mark that is undone gives them back, and no others. */
async function unreadUpTo(upTo: number): Promise<number[]> {
  const ids: number[] = []
  let after: string | undefined
  do {
    const page: Page = await unwrap(
      api.GET('/api/me/notifications', {
        params: { query: { unread: true, limit: 200, ...(after ? { after } : {}) } },
      }),
    )
    ids.push(...page.items.flatMap(({ id }) => (id <= upTo ? [id] : [])))
    after = page.next ?? undefined
  } while (after)
  return ids
}

/** Marks all up to the newest one that is shown. */
export function useReadAll() {
  const client = useQueryClient()
  const readAll = (upTo: number): Promise<unknown> =>
    offeredAct({
      text: t.news.readAll,
      lane: 'notifications',
      send: async () => {
        const ids = await unreadUpTo(upTo)
        await unwrap(api.POST('/api/me/notifications/read', { body: { up_to: upTo } }))
        return ids
      },
      undo: async (ids) => {
        if (ids.length) await unwrap(api.PATCH('/api/me/notifications', { body: { ids, read: false } }))
        await readNotificationsAnew(client)
      },
    })
      .catch((error) => tellRefusal(t.news.readAll, error, () => readAll(upTo)))
      .finally(() => readNotificationsAnew(client))
  return readAll
}
