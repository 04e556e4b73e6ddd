import { useQuery } from '@tanstack/react-query'
import clsx from 'clsx'
import type { ReactNode } from 'react'
import { ListFailed } from '@/components/picker/list-failed'
import { type Read, retryOf } from '@/components/picker/reads'
import { Avatar } from '@/components/ui/avatar'
import { PriorityIcon } from '@/components/ui/priority-icon'
import { Segmented } from '@/components/ui/segmented'
import { Sheet } from '@/components/ui/sheet'
import { prioritiesQuery, tagsQuery, teamsQuery } from '@/desk/config'
import { meQuery } from '@/desk/me'
import { assign, setPriority, setTags, setTeam } from '@/desk/ticket-changes'
import { type OpenMenu, useOpenTicket } from '../ticket-context'
import { t } from './messages'

// As many as a thumb finds without looking for them; the others are behind "more".
const MOST = 10

/** What says where a ticket belongs, on a phone: each choice is one tap, and the sheet stays for the next one. */
export function TriageSheet({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { ticket, apply, setMenu } = useOpenTicket()
  const { data: me } = useQuery(meQuery)
  const reads = { priorities: useQuery(prioritiesQuery), teams: useQuery(teamsQuery) }
  const tagsRead = useQuery({ ...tagsQuery(''), enabled: open })
  const { data: priorities } = reads.priorities
  const { data: teams } = reads.teams
  const { data: tags } = tagsRead
  const { assignee, team } = ticket
  const active = teams?.items.filter((each) => each.active) ?? []
  // The ticket's own stays among those shown.
  const offered = active.toSorted((a, b) => Number(b.id === team?.id) - Number(a.id === team?.id)).slice(0, MOST)
  const others = tags?.items.map(({ name }) => name).filter((name) => !ticket.tags.includes(name)) ?? []
  const more = (menu: OpenMenu) => {
    onClose()
    // After the sheet has given the focus back.
    setTimeout(() => setMenu(menu))
  }
  return (
    <Sheet open={open} onClose={onClose} title={t.triage.title(ticket.id)} side="bottom">
      <div className="space-y-3 px-4 pb-5">
        <Group name={t.priority.name} read={reads.priorities}>
          <Segmented
            label={t.priority.name}
            value={ticket.priority}
            options={
              priorities?.items
                .filter((each) => each.active || each.key === ticket.priority)
                .map(({ key, label }) => ({ key, label, icon: <PriorityIcon priority={key} /> })) ?? []
            }
            onChange={(key) => void apply(setPriority(key))}
          />
        </Group>
        <Group name={t.assignee.name}>
          {me && (
            <Choice
              chosen={assignee?.id === me.id}
              onChoose={() => void apply(assign(assignee?.id === me.id ? null : me))}
            >
              <Face name={me.name} /> {t.triage.me}
            </Choice>
          )}
          {assignee && assignee.id !== me?.id && (
            <Choice chosen onChoose={() => void apply(assign(null))}>
              <Face name={assignee.name} /> <bdi className="truncate">{assignee.name}</bdi>
            </Choice>
          )}
          <Choice onChoose={() => more('assignee')}>{t.triage.somebodyElse}</Choice>
        </Group>
        <Group name={t.triage.team} read={reads.teams}>
          {offered.map((each) => (
            <Choice
              key={each.id}
              chosen={each.id === team?.id}
              onChoose={() => void apply(setTeam(each.id === team?.id ? null : each))}
            >
              <span className="size-2 shrink-0 rounded-[2px]" style={{ background: each.color }} aria-hidden />
              <bdi className="truncate">{each.name}</bdi>
            </Choice>
          ))}
          {active.length > MOST && <Choice onChoose={() => more('team')}>{t.triage.more}</Choice>}
        </Group>
        <Group name={t.triage.tags} read={tagsRead}>
          {[...ticket.tags, ...others.slice(0, MOST)].map((name) => {
            const has = ticket.tags.includes(name)
            return (
              <Choice
                key={name}
                chosen={has}
                onChoose={() =>
                  void apply(setTags(has ? ticket.tags.filter((each) => each !== name) : [...ticket.tags, name]))
                }
              >
                <bdi className="truncate">{name}</bdi>
              </Choice>
            )
          })}
          <Choice onChoose={() => more('tags')}>{t.triage.more}</Choice>
        </Group>
      </div>
    </Sheet>
  )
}

/** Beside the name, which says it already. */
const Face = ({ name }: { name: string }) => (
  <span aria-hidden>
    <Avatar name={name} size={20} />
  </span>
)

/** `read`: what its choices are read by. */
const Group = ({ name, read, children }: { name: string; read?: Read; children: ReactNode }) => {
  const retry = read && retryOf([read])
  return (
    <section aria-label={name}>
      <h3 className="mb-1 text-[12px] text-dim">{name}</h3>
      {retry && <ListFailed retry={retry} />}
      <div className="flex flex-wrap gap-2">{children}</div>
    </section>
  )
}

/** `chosen`: undefined for what leads elsewhere. */
const Choice = ({ chosen, onChoose, children }: { chosen?: boolean; onChoose: () => void; children: ReactNode }) => (
  <button
    type="button"
    aria-pressed={chosen}
    className={clsx(
      'flex h-11 max-w-full items-center gap-2 rounded-lg border px-3',
      chosen ? 'border-accent bg-accent-soft font-medium text-accent' : 'border-line bg-raised',
    )}
    onClick={onChoose}
  >
    {children}
  </button>
)
