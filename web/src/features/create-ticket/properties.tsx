import { useQuery } from '@tanstack/react-query'
import { ListFailed } from '@/components/picker/list-failed'
import { retryOf } from '@/components/picker/reads'
import { BOX } from '@/components/ui/field'
import { agentsOf, prioritiesQuery, teamsQuery } from '@/desk/config'
import type { Schemas } from '@/lib/api/client'
import type { Labelled } from './labelled'
import { t } from './messages'

/** What a new ticket gets besides its text; what is left out the desk decides. */
export function Properties({ labelled, describe }: Labelled) {
  const teamsRead = useQuery(teamsQuery)
  const prioritiesRead = useQuery(prioritiesQuery)
  const { data: teams } = teamsRead
  const { data: priorities } = prioritiesRead
  const retry = retryOf([teamsRead, prioritiesRead])
  const choice = (
    name: string,
    path: string,
    label: string,
    none: string,
    options: { value: string; label: string }[],
  ) =>
    labelled(
      `new-${name}`,
      label,
      path,
      <select {...describe(`new-${name}`, path)} name={name} className={BOX}>
        <option value="">{none}</option>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>,
    )
  return (
    <div className="grid grid-cols-2 gap-3">
      {retry && (
        <div className="col-span-full">
          <ListFailed retry={retry} />
        </div>
      )}
      {choice(
        'team',
        'team_id',
        t.team,
        t.byRouting,
        (teams?.items ?? []).map(({ id, name }) => ({ value: String(id), label: name })),
      )}
      {choice(
        'assignee',
        'assignee_id',
        t.assignee,
        t.byRouting,
        agentsOf(teams).map(({ id, name }) => ({ value: String(id), label: name })),
      )}
      {choice(
        'priority',
        'priority',
        t.priority,
        t.byDesk,
        (priorities?.items ?? []).filter(({ active }) => active).map(({ key, label }) => ({ value: key, label })),
      )}
      {labelled(
        'new-tags',
        t.tags,
        'tags',
        <input
          {...describe('new-tags', 'tags')}
          name="tags"
          placeholder={t.tagsHint}
          className={BOX}
          autoComplete="off"
        />,
      )}
    </div>
  )
}

/** What was chosen there, as the API takes it. */
export function propertiesOf(form: FormData): Partial<Schemas['CreateTicket']> {
  const typed = (name: string) => String(form.get(name) ?? '').trim()
  const tags = typed('tags')
    .split(/[\s,]+/)
    .filter(Boolean)
  return {
    ...(typed('team') ? { team_id: Number(typed('team')) } : {}),
    ...(typed('assignee') ? { assignee_id: Number(typed('assignee')) } : {}),
    ...(typed('priority') ? { priority: typed('priority') } : {}),
    ...(tags.length ? { tags } : {}),
  }
}
