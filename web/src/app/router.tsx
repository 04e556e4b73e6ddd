/** The pages by address, and what each feature is given by the others: features know nothing of one another. */
import { createRootRoute, createRoute, createRouter, Outlet, redirect, useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { meQuery } from '@/desk/me'
import { startPlaying, stopPlaying } from '@/desk/playing'
import { lastQueue } from '@/desk/queue-position'
import { useMarkRead } from '@/desk/reads'
import { type Kind, kindIn, readKind } from '@/desk/search/kinds'
import { LogIn } from '@/features/auth/log-in'
import { readFilters } from '@/features/queue/filters'
import { Queue } from '@/features/queue/queue'
import { useQueueBehind } from '@/features/queue/use-queue-behind'
import { ApiProblem } from '@/lib/api/client'
import { followLocale } from '@/lib/messages'
import { isDoubted, lastPerson } from '@/lib/person'
import { InboxPane } from './inbox-pane'
import { NoSuchPage } from './no-such-page'
import { DeskError, PageError } from './page-error'
import {
  Appearance,
  CustomerPage,
  CustomersPane,
  MergeDialog,
  NotificationSettings,
  OrganizationPage,
  OrganizationsPage,
  PeoplePage,
  Profile,
  RecordPage,
  RecordsPage,
  SearchPage,
  SearchPane,
  Security,
  SettingsPane,
  TicketPage,
  TicketPreview,
  TrashPage,
  Work,
} from './parts'
import { PlayBar } from './play-bar'
// Before the router takes the history.
import '@/lib/overlays'
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
  // Whoever is logged in has nothing to do here.
  beforeLoad: async ({ search }) => {
    if (lastPerson() === null || isDoubted()) return
    const me = await queryClient.ensureQueryData(meQuery).catch(() => undefined)
    if (me) throw redirect({ href: search.from ?? '/', replace: true })
  },
  component: () => <LogIn from={ownAddress(logInRoute.useSearch().from) ?? '/'} />,
})

/** As other programs call it. */
const otherLogInRoute = createRoute({
  getParentRoute: () => root,
  path: '/login',
  beforeLoad: () => {
    throw redirect({ to: '/log-in', replace: true })
  },
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

function QueueView() {
  // Whoever comes back to the list has stopped going through it.
  useEffect(stopPlaying, [])
  return (
    <Queue
      preview={(id, close) => <QueuePreview key={id} id={id} close={close} />}
      // The oldest stays, until somebody swaps.
      merge={(tickets, close, merged) => {
        const [into = 0, ...others] = tickets.toSorted((a, b) => a - b)
        return <MergeDialog open into={into} tickets={others} onClose={close} onMerged={merged} />
      }}
      onPlay={startPlaying}
    />
  )
}

function QueuePreview({ id, close }: { id: number; close: () => void }) {
  useMarkRead(id)
  return <TicketPreview id={id} onClose={close} />
}

function OpenTicket({ id }: { id: string }) {
  const navigate = useNavigate()
  useMarkRead(Number(id))
  useQueueBehind(Number(id))
  return (
    <>
      <PlayBar key={id} id={Number(id)} />
      <TicketPage id={id} onBack={() => navigate({ to: '/', search: lastQueue() })} />
    </>
  )
}

const queueRoute = createRoute({
  getParentRoute: () => desk,
  path: '/',
  validateSearch: readFilters,
  staticData: { pane: InboxPane },
  component: QueueView,
})

const numbered = (id: string) => /^[1-9]\d{0,15}$/.test(id)

const ticketRoute = createRoute({
  getParentRoute: () => desk,
  path: '/tickets/$id',
  staticData: { pane: InboxPane },
  component: () => {
    const { id } = ticketRoute.useParams()
    return <OpenTicket id={id} />
  },
})

/** What is looked for. */
const readQuestion = ({ q }: Record<string, unknown>): { q?: string } =>
  // The router reads a number, or true, where somebody has typed digits or a word.
  typeof q === 'string' || typeof q === 'number' || typeof q === 'boolean' ? { q: String(q) } : {}

const searchRoute = createRoute({
  getParentRoute: () => desk,
  path: '/search',
  validateSearch: (search: Record<string, unknown>): { q?: string; kind?: Kind } => ({
    ...readQuestion(search),
    ...kindIn(readKind(search.kind)),
  }),
  staticData: { pane: SearchPane },
  component: () => <SearchPage />,
})

const customersRoute = createRoute({
  getParentRoute: () => desk,
  path: '/customers',
  validateSearch: readQuestion,
  staticData: { pane: CustomersPane },
  component: () => <PeoplePage />,
})

const customerRoute = createRoute({
  getParentRoute: () => desk,
  path: '/customers/$id',
  staticData: { pane: CustomersPane },
  component: () => {
    const { id } = customerRoute.useParams()
    return numbered(id) ? <CustomerPage key={id} id={Number(id)} /> : <NoSuchPage />
  },
})

const organizationsRoute = createRoute({
  getParentRoute: () => desk,
  path: '/organizations',
  validateSearch: readQuestion,
  staticData: { pane: CustomersPane },
  component: () => <OrganizationsPage />,
})

const organizationRoute = createRoute({
  getParentRoute: () => desk,
  path: '/organizations/$id',
  staticData: { pane: CustomersPane },
  component: () => {
    const { id } = organizationRoute.useParams()
    return numbered(id) ? <OrganizationPage key={id} id={Number(id)} /> : <NoSuchPage />
  },
})

const recordsRoute = createRoute({
  getParentRoute: () => desk,
  path: '/objects/$type',
  validateSearch: readQuestion,
  staticData: { pane: CustomersPane },
  component: () => {
    const { type } = recordsRoute.useParams()
    return <RecordsPage key={type} type={type} />
  },
})

const recordRoute = createRoute({
  getParentRoute: () => desk,
  path: '/objects/$type/$id',
  staticData: { pane: CustomersPane },
  component: () => {
    const { type, id } = recordRoute.useParams()
    return numbered(id) ? <RecordPage key={id} type={type} id={Number(id)} /> : <NoSuchPage />
  },
})

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

/** Deleted tickets, for administrators. */
const trashRoute = createRoute({
  getParentRoute: () => desk,
  path: '/trash',
  staticData: { pane: InboxPane },
  component: () => <TrashPage />,
})

/** Any other address: told within the desk, so that the way on is there. */
const noSuchPageRoute = createRoute({ getParentRoute: () => desk, path: '$', component: () => <NoSuchPage /> })

/** Addresses stay readable: values are texts as they are, and commas stand for themselves. */
const stringifySearch = (search: Record<string, unknown>) => {
  const given = Object.entries(search).filter(([, value]) => value !== undefined && value !== '')
  const text = new URLSearchParams(given.map(([key, value]) => [key, String(value)])).toString().replaceAll('%2C', ',')
  return text && `?${text}`
}

export const router = createRouter({
  stringifySearch,
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  defaultErrorComponent: PageError,
  defaultNotFoundComponent: () => <NoSuchPage />,
  routeTree: root.addChildren([
    logInRoute,
    otherLogInRoute,
    desk.addChildren([
      queueRoute,
      ticketRoute,
      searchRoute,
      customersRoute,
      customerRoute,
      organizationsRoute,
      organizationRoute,
      recordsRoute,
      recordRoute,
      settingsRoute.addChildren([
        settingsIndexRoute,
        profileRoute,
        workRoute,
        appearanceRoute,
        notificationSettingsRoute,
        securityRoute,
      ]),
      trashRoute,
      noSuchPageRoute,
    ]),
  ]),
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
