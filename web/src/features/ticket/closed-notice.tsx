import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Archive } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { linksQuery } from '@/desk/incidents'
import { t } from './acts/messages'

/** In place of a composer: a closed ticket takes no answer. It says where the matter goes on. */
export function ClosedNotice({ ticket, onFollowUp }: { ticket: number; onFollowUp: () => void }) {
  const { data } = useQuery(linksQuery(ticket))
  const into = data?.items.find(({ relation }) => relation === 'merged_into')?.ticket_id
  return (
    <div className="mx-auto flex max-w-[740px] flex-wrap items-center gap-3 rounded-lg border border-line bg-panel px-4 py-3">
      <Archive size={16} aria-hidden className="shrink-0 text-dim" />
      <p className="min-w-0 flex-1 basis-56">{into ? t.merged(into) : t.closed}</p>
      {into ? (
        <Link
          to="/tickets/$id"
          params={{ id: String(into) }}
          className="inline-flex h-7 items-center rounded-md bg-accent px-2.5 font-medium text-accent-ink hover:brightness-110 max-md:h-11"
        >
          {t.open(into)}
        </Link>
      ) : (
        <Button variant="primary" className="max-md:h-11" onClick={onFollowUp}>
          {t.followUp}
        </Button>
      )}
    </div>
  )
}
