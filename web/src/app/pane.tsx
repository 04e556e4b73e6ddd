import { useQuery } from '@tanstack/react-query'
import { useMatches } from '@tanstack/react-router'
import { Suspense, useRef } from 'react'
import { LazySheet } from '@/components/ui/lazy-sheet'
import { meQuery } from '@/desk/me'
import { closePane, usePaneOpen } from '@/desk/pane'
import { AvailabilityMenu } from './availability-menu'
import { t } from './messages'

/** The pane that the route shown has named. */
export const usePaneOfRoute = () =>
  useMatches({ select: (matches) => matches.findLast((match) => match.staticData.pane)?.staticData.pane })

/** The pane of the page, with the account at its foot: beside the page where there is room, else as a sheet. */
export function Pane({ hidden }: { hidden: boolean }) {
  const Content = usePaneOfRoute()
  const { data: me } = useQuery(meQuery)
  const open = usePaneOpen()
  const left = useRef('')
  if (!Content) return null
  const content = (
    <>
      <Suspense fallback={<div className="flex-1" />}>
        <Content />
      </Suspense>
      {me && <AvailabilityMenu me={me} />}
    </>
  )
  if (open) left.current = location.href
  return (
    <>
      {!hidden && (
        <aside
          aria-label={t.views}
          className="hidden w-[224px] shrink-0 flex-col border-e border-line bg-panel lg:flex"
        >
          {content}
        </aside>
      )}
      <LazySheet
        open={open}
        onClose={closePane}
        title={t.views}
        side="start"
        hideTitle
        keepFocus={() => left.current === location.href}
      >
        {content}
      </LazySheet>
    </>
  )
}
