/**
 * The parts of the workspace that are not in its first script. Those that are needed next are loaded while the browser
 * is idle, so that nobody waits for them; src/main.tsx begins with the page that the address names.
 */
import { type ComponentProps, type ComponentType, Suspense } from 'react'
import { PageSkeleton } from '@/components/ui/skeleton'
import { lazyPart } from '@/lib/lazy-part'

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
export const NotificationSettings = page(() =>
  import('@/features/notifications/notification-settings').then(({ NotificationSettings }) => ({
    default: NotificationSettings,
  })),
)

export const Palette = lazyPart(() =>
  import('@/features/palette/palette').then(({ Palette }) => ({ default: Palette })),
)
export const CreateTicket = lazyPart(() =>
  import('@/features/create-ticket/create-ticket').then(({ CreateTicket }) => ({ default: CreateTicket })),
)
export const Shortcuts = lazyPart(() => import('./shortcuts').then(({ Shortcuts }) => ({ default: Shortcuts })))

/** Loads what is likely to be needed next. */
export function preloadParts() {
  for (const part of [TicketPage, TicketPreview, Palette, CreateTicket, Shortcuts]) void part.preload()
}
