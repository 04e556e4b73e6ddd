import { Link, useNavigate } from '@tanstack/react-router'
import { useCommands } from '@/desk/commands'
import { KINDS, type Kind, kindIn } from '@/desk/search/kinds'
import { number } from '@/lib/messages'
import { t } from './messages'

interface Count {
  items: unknown[]
  more: boolean
}

/** What is looked for, and how many of each were found; 1, 2 and 3 choose too. */
export function KindTabs({ q, counts }: { q: string; counts: Record<Kind, Count> | undefined }) {
  const navigate = useNavigate()
  const searchFor = (each: Kind) => ({ ...(q ? { q } : {}), ...kindIn(each) })
  useCommands(
    KINDS.map((each, index) => ({
      keys: String(index + 1),
      label: t.lookFor[each],
      run: () => navigate({ to: '/search', search: searchFor(each), replace: true }),
    })),
  )
  return (
    <nav aria-label={t.kinds} className="flex gap-1 max-md:-mx-1">
      {KINDS.map((each) => {
        const count = counts?.[each]
        return (
          <Link
            key={each}
            to="/search"
            search={searchFor(each)}
            replace
            activeOptions={{ exact: true }}
            className="inline-flex h-7 items-center gap-1.5 rounded-md px-2.5 hover:bg-hover aria-[current=page]:bg-chosen aria-[current=page]:font-medium max-md:h-11"
          >
            {t.kind[each]}
            {count && (
              <span className="font-normal text-dim">
                {number(count.items.length)}
                {count.more && '+'}
              </span>
            )}
          </Link>
        )
      })}
    </nav>
  )
}
