import { Link } from '@tanstack/react-router'
import { Building2 } from 'lucide-react'
import { Avatar } from '@/components/ui/avatar'
import { Marked, markWords } from '@/desk/search/marked'
import type { Schemas } from '@/lib/api/client'

const ROW =
  'flex min-h-11 items-center gap-2.5 rounded-md px-2 py-1 outline-none hover:bg-hover focus-visible:bg-chosen focus-visible:shadow-[inset_2px_0_var(--accent)] rtl:focus-visible:shadow-[inset_-2px_0_var(--accent)]'

interface Props {
  words: string[]
  onOpen?: () => void
}

export const PersonRow = ({ person, words, onOpen }: Props & { person: Schemas['User'] }) => (
  <Link to="/customers/$id" params={{ id: String(person.id) }} data-row onClick={onOpen} className={ROW}>
    <Avatar name={person.name} size={28} />
    <span className="min-w-0">
      <span className="block truncate font-medium" dir="auto">
        <Marked html={markWords(person.name, words)} />
      </span>
      <span className="block truncate text-[12px] leading-4 text-dim" dir="auto">
        {person.organization?.name ?? <Marked html={markWords(person.email ?? '', words)} />}
      </span>
    </span>
  </Link>
)

export const OrganizationRow = ({ organization, words, onOpen }: Props & { organization: Schemas['Organization'] }) => (
  <Link to="/organizations/$id" params={{ id: String(organization.id) }} data-row onClick={onOpen} className={ROW}>
    <span className="grid size-7 shrink-0 place-items-center rounded-md bg-hover text-dim">
      <Building2 size={15} aria-hidden />
    </span>
    <span className="min-w-0">
      <span className="block truncate font-medium" dir="auto">
        <Marked html={markWords(organization.name, words)} />
      </span>
      <span className="block truncate text-[12px] leading-4 text-dim">{organization.domains.join(', ')}</span>
    </span>
  </Link>
)
