import { useQuery } from '@tanstack/react-query'
import { Picker } from '@/components/picker/picker'
import { Avatar } from '@/components/ui/avatar'
import { formsQuery, teamsQuery, typeWord } from '@/desk/config'
import { meQuery } from '@/desk/me'
import { setForm, setTags, setTeam, setType, TICKET_TYPES } from '@/desk/ticket-changes'
import { formsFor } from '@/desk/ticket-form'
import { WhyButton, WhyCard } from '../routing/why'
import { useOpenMenu, useOpenTicket } from '../ticket-context'
import { AssigneePicker } from './assignee-picker'
import { LanguageField } from './language-field'
import { t } from './messages'
import { Property, Value } from './property'
import { SkillsField } from './skills-field'
import { TagField } from './tag-field'

const Swatch = ({ color }: { color: string }) => (
  <span className="size-2 shrink-0 rounded-[2px]" style={{ background: color }} aria-hidden />
)

/** What every desk keeps of a ticket. */
export function Columns() {
  const { ticket, apply, refusals } = useOpenTicket()
  const teamsRead = useQuery(teamsQuery)
  const formsRead = useQuery(formsQuery)
  const { data: teams } = teamsRead
  const { data: forms } = formsRead
  const { data: me } = useQuery(meQuery)
  const teamMenu = useOpenMenu('team')
  const typeMenu = useOpenMenu('type')
  const formMenu = useOpenMenu('form')
  const type = typeWord(ticket.type)
  const mine = me ? formsFor(forms?.items ?? [], me) : []
  const formsToChoose = forms?.items.filter((form) => form.id === ticket.form?.id || mine.includes(form)) ?? []
  return (
    <>
      <Property name={t.names.assignee_id}>
        <div className="flex min-w-0 flex-wrap items-center justify-between gap-1 [&>button:first-child]:min-w-0">
          <AssigneePicker
            trigger={
              <Value
                dim={!ticket.assignee}
                aria-label={t.is(t.names.assignee_id ?? '', ticket.assignee?.name ?? t.nobody)}
              >
                <Avatar name={ticket.assignee?.name} size={20} />
                <span dir="auto" className="truncate">
                  {ticket.assignee?.name ?? t.noAssignee}
                </span>
              </Value>
            }
          />
          <WhyButton />
        </div>
      </Property>
      <WhyCard />
      <Property name={t.names.team_id}>
        <Picker
          label={t.names.team_id ?? ''}
          reads={[teamsRead]}
          {...teamMenu}
          trigger={
            <Value dim={!ticket.team} aria-label={t.is(t.names.team_id ?? '', ticket.team?.name ?? t.noTeam)}>
              {ticket.team && <Swatch color={ticket.team.color} />}
              <span dir="auto" className="truncate">
                {ticket.team?.name ?? t.noTeam}
              </span>
            </Value>
          }
          options={[
            ...(teams?.items ?? [])
              .filter(({ active, id }) => active || id === ticket.team?.id)
              .map(({ id, name, color }) => ({
                key: String(id),
                label: name,
                icon: <Swatch color={color} />,
                chosen: id === ticket.team?.id,
              })),
            { key: 'none', label: t.noTeam, chosen: !ticket.team },
          ]}
          onPick={({ key }) => {
            const team = teams?.items.find(({ id }) => String(id) === key) ?? null
            if ((team?.id ?? null) !== (ticket.team?.id ?? null)) void apply(setTeam(team))
          }}
        />
      </Property>
      <Property name={t.names.type}>
        <Picker
          label={t.names.type ?? ''}
          {...typeMenu}
          trigger={<Value aria-label={t.is(t.names.type ?? '', type)}>{type}</Value>}
          options={TICKET_TYPES.map((key) => ({ key, label: typeWord(key), chosen: key === ticket.type }))}
          onPick={({ key }) => {
            const picked = TICKET_TYPES.find((each) => each === key)
            if (picked && picked !== ticket.type) void apply(setType(picked))
          }}
        />
      </Property>
      {(formsToChoose.length > 0 || ticket.form) && (
        <Property name={t.names.form_id}>
          <Picker
            label={t.names.form_id ?? ''}
            reads={[formsRead]}
            {...formMenu}
            trigger={
              <Value dim={!ticket.form} aria-label={t.is(t.names.form_id ?? '', ticket.form?.name ?? t.noForm)}>
                <span dir="auto" className="truncate">
                  {ticket.form?.name ?? t.noForm}
                </span>
              </Value>
            }
            options={[
              ...formsToChoose.map(({ id, name, description }) => ({
                key: String(id),
                label: name,
                hint: description || undefined,
                chosen: id === ticket.form?.id,
              })),
              { key: 'none', label: t.noForm, chosen: !ticket.form },
            ]}
            onPick={({ key }) => {
              const form = formsToChoose.find(({ id }) => String(id) === key) ?? null
              if ((form?.id ?? null) !== (ticket.form?.id ?? null)) void apply(setForm(form))
            }}
          />
        </Property>
      )}
      <Property name={t.tags.name} top>
        <TagField tags={ticket.tags} message={refusals.tags?.message} save={(tags) => void apply(setTags(tags))} />
      </Property>
      <Property name={t.names.required_skills} top>
        <SkillsField />
      </Property>
      <Property name={t.names.language}>
        <LanguageField />
      </Property>
    </>
  )
}
