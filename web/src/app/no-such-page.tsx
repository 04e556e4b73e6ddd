import { Link } from '@tanstack/react-router'
import { Compass } from 'lucide-react'
import { EmptyState } from '@/components/ui/empty-state'
import { PageTitle } from '@/desk/page'
import { useWayBack } from '@/desk/way-back'
import { t } from './messages'

/** For an address that names nothing. */
export function NoSuchPage({ text = t.noSuchPageText }: { text?: string }) {
  useWayBack()
  return (
    <>
      <header className="flex h-12 shrink-0 items-center border-b border-line px-4 md:px-5">
        <PageTitle title={t.noSuchPage} />
      </header>
      <EmptyState
        icon={<Compass size={20} />}
        title={text}
        action={
          <Link
            to="/"
            className="inline-flex h-9 items-center rounded-md border border-line bg-raised px-3 font-medium hover:bg-hover"
          >
            {t.toInbox}
          </Link>
        }
      />
    </>
  )
}
