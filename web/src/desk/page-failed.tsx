/** In place of a page that is not there or could not be read: it has its name, like every page, and a way on. */
import { SearchX } from 'lucide-react'
import type { ReactNode } from 'react'
import { EmptyState } from '@/components/ui/empty-state'
import { ErrorState } from '@/components/ui/error-state'
import { ApiProblem } from '@/lib/api/client'
import { t } from './messages'
import { PageTitle } from './page'

/** What is told where the address names nothing, or something that this agent cannot see: both look the same. */
interface Missing {
  title: string
  text: string
  /** Where to go on from here. */
  way: ReactNode
}

const Named = ({ title, children }: { title: string; children: ReactNode }) => (
  <section aria-label={title} className="flex min-h-0 flex-1 flex-col">
    <header className="flex h-12 shrink-0 items-center border-b border-line px-4 md:px-5">
      <PageTitle title={title} />
    </header>
    {children}
  </section>
)

export const PageMissing = ({ title, text, way }: Missing) => (
  <Named title={title}>
    <EmptyState icon={<SearchX size={20} />} title={text} action={way} />
  </Named>
)

export function PageFailed({ error, retry, missing }: { error: Error; retry: () => unknown; missing?: Missing }) {
  if (missing && error instanceof ApiProblem && error.status === 404) return <PageMissing {...missing} />
  return (
    <Named title={t.pageFailed}>
      <ErrorState error={error} retry={() => void retry()} />
    </Named>
  )
}

export const WAY_ON =
  'inline-flex h-9 items-center rounded-md border border-line bg-raised px-3 font-medium hover:bg-hover max-md:h-11'
