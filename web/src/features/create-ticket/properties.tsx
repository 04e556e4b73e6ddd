import { useQuery } from '@tanstack/react-query'
import { ListFailed } from '@/components/picker/list-failed'
import { retryOf } from '@/components/picker/reads'
import { BOX } from '@/components/ui/field'
import { agentsOf, prioritiesQuery, teamsQuery, typeWord } from '@/desk/config'
import { TICKET_TYPES } from '@/desk/ticket-changes'
import type { Schemas } from '@/lib/api/client'
import { COMMON_LANGUAGES, languageName } from '@/lib/locale'
import { language } from '@/lib/messages'
import type { Labelled } from './labelled'
import { t } from './messages'
import { Tags } from './tags'

const LANGUAGES = COMMON_LANGUAGES.map((code) => ({ value: code, label: languageName(code) })).sort((one, other) =>
  one.label.localeCompare(other.label, language),
)

/** What a new ticket gets besides its text; what is left out the desk decides. */
export function Properties({
  tags,
  onTags,
  labelled,
  describe,
}: { tags: string[]; onTags: (tags: string[]) => void } & Labelled) {
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
      {choice(
        'type',
        'type',
        t.type,
        t.byDesk,
        TICKET_TYPES.map((key) => ({ value: key, label: typeWord(key) })),
      )}
      {choice('language', 'language', t.language, t.byDesk, LANGUAGES)}
      <Tags tags={tags} onChange={onTags} labelled={labelled} describe={describe} />
    </div>
  )
}

/** What was chosen there, as the API takes it. */
export function propertiesOf(form: FormData): Partial<Schemas['CreateTicket']> {
  const typed = (name: string) => String(form.get(name) ?? '').trim()
  const type = TICKET_TYPES.find((key) => key === typed('type'))
  return {
    ...(typed('team') ? { team_id: Number(typed('team')) } : {}),
    ...(typed('assignee') ? { assignee_id: Number(typed('assignee')) } : {}),
    ...(typed('priority') ? { priority: typed('priority') } : {}),
    ...(type ? { type } : {}),
    ...(typed('language') ? { language: typed('language') } : {}),
  }
}
