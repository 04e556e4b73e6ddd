/** The pages by address, and what each feature is given by the others: features know nothing of one another. */
import { createRootRoute, createRoute, createRouter, Outlet, redirect } from '@tanstack/react-router'
import { meQuery } from '@/desk/me'
import { lastQueue } from '@/desk/queue-position'
import { LogIn } from '@/features/auth/log-in'
import { SettingsPane } from '@/features/me/settings-pane'
import { readFilters } from '@/features/queue/filters'
import { Queue } from '@/features/queue/queue'
import { ApiProblem } from '@/lib/api/client'
import { followLocale } from '@/lib/messages'
import { InboxPane } from './inbox-pane'
import { NoSuchPage } from './no-such-page'
import { DeskError, PageError } from './page-error'
import { Appearance, NotificationSettings, Profile, Security, TicketPage, TicketPreview, Work } from './parts'
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
  errorComponent: DeskError,
  beforeLoad: async ({ location }) => {
    try {
      const me = await queryClient.ensureQueryData(meQuery)
      followLocale(me.locale)
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
  staticData: { pane: SettingsPane },
  component: Outlet,
})

const settingsIndexRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/settings/profile', replace: true })
  },
})

const profileRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'profile',
  component: () => <Profile />,
})
const workRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'work',
  component: () => <Work />,
})
const appearanceRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'appearance',
  component: () => <Appearance />,
})
const securityRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'security',
  component: () => <Security />,
})

/** Notification e-mails link here. */
const notificationSettingsRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'notifications',
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
      settingsRoute.addChildren([
        settingsIndexRoute,
        profileRoute,
        workRoute,
        appearanceRoute,
        notificationSettingsRoute,
        securityRoute,
      ]),
      noSuchPageRoute,
    ]),
  ]),
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
