/**
 * The parts of the workspace that are not in its first script. Those that are needed next are loaded while the browser
 * is idle, so that nobody waits for them; src/main.tsx begins with the page that the address names.
 */
import { type ComponentProps, type ComponentType, Suspense } from 'react'
import { preloadPicker } from '@/components/picker/picker'
import { preloadSheet } from '@/components/ui/lazy-sheet'
import { preloadMenu } from '@/components/ui/menu'
import { PageSkeleton } from '@/components/ui/skeleton'
import { preloadQueueParts } from '@/features/queue/parts'
import { lazyPart } from '@/lib/lazy-part'

const customers = () => import('@/features/customers')
const objects = () => import('@/features/objects')
const search = () => import('@/features/search')
const ticket = () => import('@/features/ticket/ticket-page')

// biome-ignore lint/suspicious/noExplicitAny: as lazy() itself has it
const page = <C extends ComponentType<any>>(load: () => Promise<{ default: C }>) => {
  const Part = lazyPart(load)
  const Page = (props: ComponentProps<C>) => (
    <Suspense fallback={<PageSkeleton />}>
      <Part {...props} />
    </Suspense>
  )
  return Object.assign(Page, { preload: Part.preload })
}

export const TicketPage = page(() => ticket().then(({ TicketPage }) => ({ default: TicketPage })))
export const TicketPreview = page(() => ticket().then(({ TicketPreview }) => ({ default: TicketPreview })))
export const SearchPage = page(() => search().then(({ SearchPage }) => ({ default: SearchPage })))
export const SearchPane = lazyPart(() => search().then(({ SearchPane }) => ({ default: SearchPane })))
export const PeoplePage = page(() => customers().then(({ PeoplePage }) => ({ default: PeoplePage })))
export const CustomerPage = page(() => customers().then(({ CustomerPage }) => ({ default: CustomerPage })))
export const OrganizationsPage = page(() =>
  customers().then(({ OrganizationsPage }) => ({ default: OrganizationsPage })),
)
export const OrganizationPage = page(() => customers().then(({ OrganizationPage }) => ({ default: OrganizationPage })))
export const CustomersPane = lazyPart(() => customers().then(({ CustomersPane }) => ({ default: CustomersPane })))
export const RecordsPage = page(() => objects().then(({ RecordsPage }) => ({ default: RecordsPage })))
export const RecordPage = page(() => objects().then(({ RecordPage }) => ({ default: RecordPage })))
export const NotificationSettings = page(() =>
  import('@/features/notifications/notification-settings').then(({ NotificationSettings }) => ({
    default: NotificationSettings,
  })),
)
/** Over the queue: nothing stands in its place while it is loaded. */
const Merge = lazyPart(() =>
  import('@/features/ticket/merge/merge-dialog').then(({ MergeDialog }) => ({ default: MergeDialog })),
)
export const MergeDialog = (props: ComponentProps<typeof Merge>) => (
  <Suspense>
    <Merge {...props} />
  </Suspense>
)

export const TrashPage = page(() =>
  import('@/features/trash/trash-page').then(({ TrashPage }) => ({ default: TrashPage })),
)

const me = () => import('@/features/me/pages')

export const Profile = page(() => me().then(({ Profile }) => ({ default: Profile })))
export const Work = page(() => me().then(({ Work }) => ({ default: Work })))
export const Appearance = page(() => me().then(({ Appearance }) => ({ default: Appearance })))
export const Security = page(() => me().then(({ Security }) => ({ default: Security })))

export const SettingsPane = lazyPart(() =>
  import('@/features/me/settings-pane').then(({ SettingsPane }) => ({ default: SettingsPane })),
)

export const NotificationPanel = lazyPart(() =>
  import('@/features/notifications/panel').then(({ NotificationPanel }) => ({ default: NotificationPanel })),
)

export const Palette = lazyPart(() =>
  import('@/features/palette/palette').then(({ Palette }) => ({ default: Palette })),
)
export const CreateTicket = lazyPart(() =>
  import('@/features/create-ticket/create-ticket').then(({ CreateTicket }) => ({ default: CreateTicket })),
)
export const RecordConflictBar = lazyPart(() =>
  import('@/desk/record-conflict-bar').then(({ RecordConflictBar }) => ({ default: RecordConflictBar })),
)
export const Shortcuts = lazyPart(() => import('./shortcuts').then(({ Shortcuts }) => ({ default: Shortcuts })))

/** Loads what is likely to be needed next. */
export function preloadParts() {
  for (const part of [TicketPage, TicketPreview, Palette, CreateTicket, Shortcuts, NotificationPanel])
    void part.preload()
  for (const preload of [preloadMenu, preloadPicker, preloadSheet, preloadQueueParts]) void preload()
}
