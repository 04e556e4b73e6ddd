import { type ErrorComponentProps, useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'
import { ErrorState } from '@/components/ui/error-state'
import { usePageTitle } from '@/desk/page'
import { giveKeys } from '@/lib/typed-ahead'
import { t } from './messages'

/** In place of a page that broke or could not be read. */
export function PageError({ error, reset }: ErrorComponentProps) {
  const router = useRouter()
  usePageTitle(t.somethingWrong)
  return (
    <div className="flex h-full min-h-0 flex-1 flex-col bg-canvas">
      <h1 className="sr-only">{t.somethingWrong}</h1>
      <ErrorState
        title={t.somethingWrong}
        error={error instanceof Error ? error : new Error(t.somethingWrong)}
        retry={() => {
          reset()
          router.invalidate()
        }}
      />
    </div>
  )
}

/** Where there is no shell around it: the desk itself could not be read. */
export function DeskError(props: ErrorComponentProps) {
  useEffect(giveKeys, [])
  return (
    <main className="flex h-full">
      <PageError {...props} />
    </main>
  )
}
