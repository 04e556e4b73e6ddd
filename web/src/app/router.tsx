/** The pages by address, and what each feature is given by the others: features know nothing of one another. */
import { createRootRoute, createRoute, createRouter, Outlet, redirect } from '@tanstack/react-router'
import { meQuery } from '@/desk/me'
import { lastQueue } from '@/desk/queue-position'
import { LogIn } from '@/features/auth/log-in'
import { readFilters } from '@/features/queue/filters'
import { Queue } from '@/features/queue/queue'
import { ApiProblem } from '@/lib/api/client'
import { InboxPane } from './inbox-pane'
import { NoSuchPage } from './no-such-page'
import { PageError } from './page-error'
import { NotificationSettings, TicketPage, TicketPreview } from './parts'
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
  staticData: { pane: InboxPane },
  component: QueueView,
})

const ticketRoute = createRoute({
  getParentRoute: () => desk,
  path: '/tickets/$id',
  staticData: { pane: InboxPane },
  component: () => {
    const navigate = ticketRoute.useNavigate()
    return <TicketPage id={ticketRoute.useParams().id} onBack={() => navigate({ to: '/', search: lastQueue() })} />
  },
})

// Search and customers: their features put their pages here, and their panes into `staticData: { pane }`.
const searchRoute = createRoute({ getParentRoute: () => desk, path: '/search', component: NoSuchPage })
const customersRoute = createRoute({ getParentRoute: () => desk, path: '/customers', component: NoSuchPage })

const settingsRoute = createRoute({
  getParentRoute: () => desk,
  path: '/settings',
  beforeLoad: () => {
    throw redirect({ to: '/settings/notifications' })
  },
})

/** Notification e-mails link here. */
const notificationSettingsRoute = createRoute({
  getParentRoute: () => desk,
  path: '/settings/notifications',
  component: () => <NotificationSettings />,
})

/** Any other address: told within the desk, so that the way on is there. */
const noSuchPageRoute = createRoute({ getParentRoute: () => desk, path: '$', component: () => <NoSuchPage /> })

export const router = createRouter({
  defaultErrorComponent: PageError,
  defaultNotFoundComponent: () => <NoSuchPage />,
  routeTree: root.addChildren([
    logInRoute,
    desk.addChildren([
      queueRoute,
      ticketRoute,
      searchRoute,
      customersRoute,
      settingsRoute,
      notificationSettingsRoute,
      noSuchPageRoute,
    ]),
  ]),
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
