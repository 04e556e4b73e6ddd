import { useQuery } from '@tanstack/react-query'
import { Eye, EyeOff, Plus, X } from 'lucide-react'
import { Picker } from '@/components/picker/picker'
import { Avatar } from '@/components/ui/avatar'
import { agentsOf, teamsQuery } from '@/desk/config'
import { followersQuery, useFollowers } from '@/desk/followers'
import { meQuery } from '@/desk/me'
import { useOpenMenu, useOpenTicket } from '../ticket-context'
import { t } from './messages'
import { Unread } from './unread'

/** Who among staff is told of what happens here. */
export function FollowersCard() {
  const { ticket } = useOpenTicket()
  const { data: me } = useQuery(meQuery)
  const read = useQuery(teamsQuery)
  const { data: teams } = read
  const followers = useQuery(followersQuery(ticket.id))
  const { add, remove } = useFollowers(ticket.id)
  const menu = useOpenMenu('followers')
  const people = followers.data?.items.filter(({ kind }) => kind === 'follower') ?? []
  const follows = (id: number | undefined) => people.some(({ user_id }) => user_id === id)
  const own = follows(me?.id)
  return (
    <section aria-labelledby="followers" className="space-y-1.5">
      <header className="flex h-6 items-center gap-1 max-md:h-11">
        <h2 id="followers" className="flex-1 font-semibold">
          {t.followers.title}
        </h2>
        {me && (
          <button
            type="button"
            aria-pressed={own}
            className="flex h-6 items-center gap-1 rounded px-1.5 text-[12px] text-dim hover:bg-hover hover:text-ink max-md:h-11"
            onClick={() => (own ? remove(me) : add(me))}
          >
            {own ? <EyeOff size={13} aria-hidden /> : <Eye size={13} aria-hidden />}
            {own ? t.followers.unfollow : t.followers.follow}
          </button>
        )}
        <Picker
          label={t.followers.add}
          reads={[read]}
          several
          {...menu}
          trigger={
            <button
              type="button"
              aria-label={t.followers.add}
              className="grid size-6 place-items-center rounded text-dim hover:bg-hover hover:text-ink max-md:size-11"
            >
              <Plus size={15} />
            </button>
          }
          options={agentsOf(teams).map(({ id, name }) => ({
            key: String(id),
            label: name,
            icon: <Avatar name={name} size={20} />,
            chosen: follows(id),
          }))}
          onPick={({ key, label }) => {
            const person = { id: Number(key), name: label }
            if (follows(person.id)) remove(person)
            else add(person)
          }}
        />
      </header>
      {followers.isError ? (
        <Unread text={t.followers.unread} retry={() => void followers.refetch()} />
      ) : people.length ? (
        <ul className="flex flex-wrap gap-1">
          {people.map(({ user_id, name }) => (
            <li
              key={user_id}
              className="flex max-w-full items-center gap-1.5 rounded-full border border-line bg-raised ps-0.5"
            >
              <Avatar name={name ?? ''} size={20} />
              <span dir="auto" className="truncate text-[12px]">
                {name}
              </span>
              <button
                type="button"
                className="grid size-6 shrink-0 place-items-center rounded-full text-dim hover:text-danger max-md:size-9"
                aria-label={t.followers.remove(name ?? '')}
                onClick={() => remove({ id: user_id, name: name ?? '' })}
              >
                <X size={12} />
              </button>
            </li>
          ))}
        </ul>
      ) : (
        <p className="text-[12px] text-dim">{followers.data ? t.followers.none : '\u00a0'}</p>
      )}
    </section>
  )
}
