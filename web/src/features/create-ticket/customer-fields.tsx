import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { BOX } from '@/components/ui/field'
import type { Requester } from '@/desk/new-ticket-for'
import { peopleFoundQuery } from '@/desk/search/queries'
import { useDebounced } from '@/lib/use-debounced'
import type { Labelled } from './labelled'
import { t } from './messages'

/**
 * For whom the ticket is. Whoever is known is found by their name or address and chosen from the list of the field;
 * any other address makes a new customer.
 */
export function CustomerFields({
  requester,
  labelled,
  describe,
  onFilled,
}: {
  requester: Requester | undefined
  /** The name was filled in here, which no input event tells. */
  onFilled: () => void
} & Labelled) {
  const name = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState('')
  const q = useDebounced(typed.trim(), 150)
  const { data } = useQuery({ ...peopleFoundQuery(q, 8), enabled: q.length > 1 })
  const people = (data?.items ?? []).filter(({ email }) => email)
  const choose = (text: string) => {
    setTyped(text)
    const found = people.find(({ email }) => email?.toLowerCase() === text.trim().toLowerCase())
    if (!found || !name.current) return
    name.current.value = found.name
    onFilled()
  }
  return (
    <div className="grid grid-cols-2 gap-3 max-sm:grid-cols-1">
      {labelled(
        'new-email',
        t.email,
        'requester.email',
        <input
          {...describe('new-email', 'requester.email')}
          name="email"
          defaultValue={requester?.email}
          // Not of the type of an address: a name finds somebody too.
          type="text"
          inputMode="email"
          list="new-customers"
          placeholder={t.findCustomer}
          className={BOX}
          autoComplete="off"
          onChange={(event) => choose(event.target.value)}
        />,
        { required: true },
      )}
      <datalist id="new-customers">
        {people.map((person) => (
          <option key={person.id} value={person.email ?? ''}>
            {[person.name, person.organization?.name].filter(Boolean).join(', ')}
          </option>
        ))}
      </datalist>
      {labelled(
        'new-name',
        t.name,
        'requester.name',
        <input
          {...describe('new-name', 'requester.name')}
          ref={name}
          name="name"
          defaultValue={requester?.name}
          className={BOX}
          autoComplete="off"
        />,
      )}
    </div>
  )
}
