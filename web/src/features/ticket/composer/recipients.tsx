import { useQuery } from '@tanstack/react-query'
import { Lock, Plus, X } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { Picker } from '@/components/picker/picker'
import { Avatar } from '@/components/ui/avatar'
import { agentsOf, teamsQuery } from '@/desk/config'
import { type Follower, followersQuery, useFollowers } from '@/desk/followers'
import type { Ticket } from '@/desk/tickets'
import { useDebounced } from '@/lib/use-debounced'
import { useOpenMenu } from '../ticket-context'
import { t } from './messages'
import { peopleQuery } from './queries'

const ADDRESS = /^[^@\s,;]+@[^@\s,;]+$/

/** Somebody who hears of it, with a button that takes them off. */
const Chip = ({
  person,
  label,
  children,
  onRemove,
}: {
  person: Follower
  label: string
  children?: ReactNode
  onRemove: () => void
}) => (
  <li
    className="flex h-6 max-w-44 items-center gap-1 rounded-full border border-line bg-raised ps-2 max-md:h-8"
    title={person.email ?? undefined}
  >
    {children}
    <span dir="auto" className="min-w-0 truncate">
      {person.name ?? person.email}
    </span>
    <button
      type="button"
      aria-label={label}
      className="grid size-6 shrink-0 place-items-center rounded-full text-dim hover:text-danger"
      onClick={onRemove}
    >
      <X size={12} />
    </button>
  </li>
)

const PLUS =
  'grid size-6 shrink-0 place-items-center rounded-full text-dim hover:bg-hover hover:text-ink data-popup-open:bg-hover max-md:size-11'

/** To whom a reply goes: the requester and those in copy, who can be changed while one answers. */
export function ReplyRecipients({ ticket }: { ticket: Ticket }) {
  const { data } = useQuery(followersQuery(ticket.id))
  const { add, remove } = useFollowers(ticket.id)
  const [typed, setTyped] = useState('')
  const wanted = useDebounced(typed.trim(), 150)
  const found = useQuery({ ...peopleQuery(wanted), enabled: wanted.length > 1 })
  const copied = data?.items.filter(({ kind }) => kind === 'cc') ?? []
  const offered = (wanted.length > 1 ? (found.data?.items ?? []) : []).filter(
    ({ id }) => id !== ticket.requester.id && !copied.some(({ user_id }) => user_id === id),
  )
  const address = ADDRESS.test(typed.trim()) ? typed.trim() : null
  const known = offered.some(({ email }) => email?.toLowerCase() === address?.toLowerCase())
  return (
    <div className="flex min-w-0 flex-1 flex-wrap items-center gap-x-1.5 gap-y-1 text-[12px]">
      <span className="flex min-w-0 items-center gap-1.5">
        <span className="shrink-0 text-dim">{t.to}</span>
        <span dir="auto" className="max-w-52 truncate font-medium" title={ticket.requester.email ?? undefined}>
          {ticket.requester.name}
        </span>
      </span>
      {copied.length > 0 && (
        <>
          <span className="ms-1 text-dim">{t.cc}</span>
          <ul aria-label={t.cc} className="contents">
            {copied.map((person) => (
              <Chip
                key={person.id}
                person={person}
                label={t.removeCc(person.name ?? person.email ?? '')}
                onRemove={() => remove({ id: person.user_id, name: person.name ?? '' })}
              />
            ))}
          </ul>
        </>
      )}
      <Picker
        label={t.addCc}
        {...useOpenMenu('cc')}
        trigger={
          <button type="button" aria-label={t.addCc} title={t.addCc} className={PLUS}>
            <Plus size={14} />
          </button>
        }
        options={[
          ...offered.map(({ id, name, email }) => ({ key: String(id), label: name, hint: email ?? undefined })),
          ...(address && !known ? [{ key: 'address', label: t.addAddress(address) }] : []),
        ]}
        onTyped={setTyped}
        loading={found.isFetching}
        onRetry={found.isError ? () => found.refetch() : undefined}
        onPick={({ key, label }) =>
          key === 'address' && address
            ? add({ kind: 'cc', email: address, name: address })
            : add({ kind: 'cc', id: Number(key), name: label })
        }
      />
    </div>
  )
}

/** Who of the desk hears of a note, besides the assignee. */
export function NoteRecipients({ ticket }: { ticket: number }) {
  const { data } = useQuery(followersQuery(ticket))
  const read = useQuery(teamsQuery)
  const { data: teams } = read
  const { add, remove } = useFollowers(ticket)
  const following = data?.items.filter(({ kind }) => kind === 'follower') ?? []
  return (
    <div className="flex min-w-0 flex-1 flex-wrap items-center gap-x-1.5 gap-y-1 text-[12px] text-dim">
      <Lock size={11} aria-hidden /> {t.onlyTeam}
      {following.length > 0 && (
        <>
          <span className="ms-1">{t.followers}</span>
          <ul aria-label={t.followers} className="contents text-ink">
            {following.map((person) => (
              <Chip
                key={person.id}
                person={person}
                label={t.removeFollower(person.name ?? '')}
                onRemove={() => remove({ id: person.user_id, name: person.name ?? '' })}
              >
                <Avatar name={person.name ?? undefined} size={16} />
              </Chip>
            ))}
          </ul>
        </>
      )}
      <Picker
        label={t.addFollower}
        reads={[read]}
        trigger={
          <button type="button" aria-label={t.addFollower} title={t.addFollower} className={PLUS}>
            <Plus size={14} />
          </button>
        }
        options={agentsOf(teams)
          .filter(({ id }) => !following.some(({ user_id }) => user_id === id))
          .map(({ id, name }) => ({ key: String(id), label: name }))}
        onPick={({ key, label }) => add({ id: Number(key), name: label })}
      />
    </div>
  )
}
