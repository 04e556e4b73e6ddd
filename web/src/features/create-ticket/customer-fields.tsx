import { useQuery } from '@tanstack/react-query'
import { UserPlus } from 'lucide-react'
import { Finder } from '@/components/picker/finder'
import { Avatar } from '@/components/ui/avatar'
import { BOX } from '@/components/ui/field'
import type { Requester } from '@/desk/new-ticket-for'
import { peopleFoundQuery } from '@/desk/search/queries'
import { useDebounced } from '@/lib/use-debounced'
import type { Labelled } from './labelled'
import { t } from './messages'

interface Found extends Requester {
  id: number
  organization?: string | undefined
}

const ADDRESS = /^[^@\s,;]+@[^@\s,;]+$/

const same = (one: string, other: string) => one.toLowerCase() === other.toLowerCase()

/**
 * For whom the ticket is. Whoever is known is found by their name or address and chosen from the list below the box;
 * any other address makes a new customer.
 */
export function CustomerFields({
  requester: { email, name },
  onChange,
  labelled,
  describe,
}: {
  requester: Requester
  onChange: (requester: Requester) => void
} & Labelled) {
  const q = useDebounced(email.trim(), 150)
  const { data } = useQuery({ ...peopleFoundQuery(q, 8), enabled: q.length > 1 })
  const typed = email.trim()
  const people: Found[] = (data?.items ?? []).flatMap((person) =>
    person.email
      ? [{ id: person.id, name: person.name, email: person.email, organization: person.organization?.name }]
      : [],
  )
  const known = people.find((person) => same(person.email, typed))
  // First, so that Enter leaves a new address as it was typed.
  const offered = ADDRESS.test(typed) && !known ? [{ id: 0, name: '', email: typed }, ...people] : people
  return (
    <div className="grid grid-cols-2 gap-3 max-sm:grid-cols-1">
      {labelled(
        'new-email',
        t.email,
        'requester.email',
        <Finder
          label={t.email}
          placeholder={t.findCustomer}
          items={typed.length > 1 ? offered : []}
          typed={{
            text: email,
            onType: (text) => {
              const found = people.find((person) => same(person.email, text.trim()))
              onChange({ email: text, name: found?.name ?? name })
            },
          }}
          onChoose={(person) => onChange({ email: person.email, name: person.id ? person.name : name })}
          render={(person) =>
            person.id ? (
              <>
                <Avatar name={person.name} size={26} />
                <span className="min-w-0">
                  <span className="block truncate" dir="auto">
                    {person.name}
                  </span>
                  <span className="block truncate text-[12px] leading-4 text-dim" dir="auto">
                    {[person.email, person.organization].filter(Boolean).join(' · ')}
                  </span>
                </span>
              </>
            ) : (
              <>
                <UserPlus size={16} className="mx-1.5 shrink-0 text-dim" aria-hidden />
                <span className="min-w-0 [overflow-wrap:anywhere]">{t.newCustomer(person.email)}</span>
              </>
            )
          }
          box={{
            ...describe('new-email', 'requester.email'),
            inputMode: 'email',
            className: BOX,
            autoComplete: 'off',
            // A name is found by it and chosen; only with an address the form can be sent.
            onKeyDown: (event) => {
              if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey && !ADDRESS.test(typed))
                event.preventDefault()
            },
          }}
        />,
        { required: true },
      )}
      {labelled(
        'new-name',
        t.name,
        'requester.name',
        <input
          {...describe('new-name', 'requester.name')}
          value={name}
          onChange={(event) => onChange({ email, name: event.target.value })}
          className={BOX}
          autoComplete="off"
        />,
      )}
    </div>
  )
}
