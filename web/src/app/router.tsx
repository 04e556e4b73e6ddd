/** The pages by address, and what each feature is given by the others: features know nothing of one another. */
import { createRootRoute, createRoute, createRouter, Outlet, redirect } from '@tanstack/react-router'
import { meQuery } from '@/desk/me'
import { lastQueue } from '@/desk/queue-position'
import { LogIn } from '@/features/auth/log-in'
import { NotificationSettings } from '@/features/notifications/notification-settings'
import { readFilters } from '@/features/queue/filters'
import { Queue } from '@/features/queue/queue'
import { TicketPage, TicketPreview } from '@/features/ticket/ticket-page'
import { ApiProblem } from '@/lib/api/client'
import { queryClient } from './query-client'
import { Shell } from './shell'

const root = createRootRoute({ component: Outlet })

/** An address to return to after log-in: of this desk, never of another host. */
const ownAddress = (from: unknown) =>
  typeof from === 'string' && /^\/(?![/\\])/.test(from) && !from.startsWith('/log-in') ? from : undefined

const logInRoute = createRoute({
  getParentRoute: () => root,
  path: '/log-in',
  validateSearch: ({ from }: Record<string, unknown>): { from?: string | undefined } => ({ from: ownAddress(from) }),
  component: () => <LogIn from={ownAddress(logInRoute.useSearch().from) ?? '/'} />,
})

const desk = createRoute({
  getParentRoute: () => root,
  id: 'desk',
  component: Shell,
  errorComponent: ({ error, reset }) => (
    <main className="grid h-full place-content-center justify-items-center gap-3 bg-panel">
      <p role="alert">{error instanceof Error ? error.message : 'Something went wrong'}.</p>
      <button
        type="button"
        className="rounded-md border border-line bg-raised px-3 py-1 hover:bg-hover"
        onClick={() => {
          reset()
          router.invalidate()
        }}
      >
        Try again
      </button>
    </main>
  ),
  beforeLoad: async ({ location }) => {
    try {
      await queryClient.ensureQueryData(meQuery)
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 401)
        throw redirect({ to: '/log-in', search: location.href === '/' ? {} : { from: location.href } })
      throw error
    }
  },
})

/** Keyed by the view: a selection made in one is never changed from another. */
function QueueView() {
  const { q: _, ...view } = readFilters({ ...queueRoute.useSearch() })
  return <Queue key={JSON.stringify(view)} preview={(id, close) => <TicketPreview id={id} onClose={close} />} />
}

const queueRoute = createRoute({
  getParentRoute: () => desk,
  path: '/',
  validateSearch: readFilters,
  component: QueueView,
})

const ticketRoute = createRoute({
  getParentRoute: () => desk,
  path: '/tickets/$id',
  component: () => {
    const navigate = ticketRoute.useNavigate()
    return (
      <TicketPage id={Number(ticketRoute.useParams().id)} onBack={() => navigate({ to: '/', search: lastQueue() })} />
    )
  },
})

/** Notification e-mails link here. */
const notificationSettingsRoute = createRoute({
  getParentRoute: () => desk,
  path: '/settings/notifications',
  component: NotificationSettings,
})

export const router = createRouter({
  routeTree: root.addChildren([logInRoute, desk.addChildren([queueRoute, ticketRoute, notificationSettingsRoute])]),
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
