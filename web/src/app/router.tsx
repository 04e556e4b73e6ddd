import { createRootRoute, createRoute, createRouter, Outlet, redirect } from '@tanstack/react-router'
import { Shell } from '@/app/shell'
import { LogIn } from '@/features/auth/log-in'
import { meQuery } from '@/features/auth/queries'
import { readFilters } from '@/features/queue/filters'
import { Queue } from '@/features/queue/queue'
import { TicketPage } from '@/features/ticket/ticket-page'
import { queryClient } from './query-client'

const root = createRootRoute({ component: Outlet })

const logIn = createRoute({ getParentRoute: () => root, path: '/log-in', component: LogIn })

const desk = createRoute({
  getParentRoute: () => root,
  id: 'desk',
  component: Shell,
  beforeLoad: async ({ location }) => {
    const me = await queryClient.ensureQueryData(meQuery).catch(() => null)
    if (!me) throw redirect({ to: '/log-in', search: { from: location.href } as never })
  },
})

/** Another view begins anew: what was selected in one is not changed from another. */
function QueueView() {
  const { q: _, ...view } = queueRoute.useSearch()
  return <Queue key={JSON.stringify(view)} />
}

export const queueRoute = createRoute({
  getParentRoute: () => desk,
  path: '/',
  validateSearch: readFilters,
  component: QueueView,
})

export const ticketRoute = createRoute({
  getParentRoute: () => desk,
  path: '/tickets/$id',
  component: () => <TicketPage id={Number(ticketRoute.useParams().id)} />,
})

export const router = createRouter({
  routeTree: root.addChildren([logIn, desk.addChildren([queueRoute, ticketRoute])]),
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
