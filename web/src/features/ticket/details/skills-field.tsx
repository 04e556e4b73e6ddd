import { useQuery } from '@tanstack/react-query'
import { Plus, X } from 'lucide-react'
import { Picker } from '@/components/picker/picker'
import { skillsQuery } from '@/desk/config'
import { setPreferredSkills, setRequiredSkills } from '@/desk/ticket-changes'
import { useOpenMenu, useOpenTicket } from '../ticket-context'
import { t } from './messages'

const LEVELS = [1, 2, 3, 4, 5]
const CHIP = 'flex max-w-full items-center rounded border border-line bg-raised ps-1.5 text-[12px] leading-5'
const REMOVE = 'grid size-6 shrink-0 place-items-center rounded text-dim hover:text-danger max-md:size-9'

/** The skills that whoever gets the ticket must have, each with its lowest level, and those that are preferred. */
export function SkillsField() {
  const { ticket, apply, refusals } = useOpenTicket()
  const read = useQuery(skillsQuery)
  const { data: skills } = read
  const required = ticket.required_skills as Record<string, number>
  const preferred = ticket.preferred_skills as Record<string, { level?: number; for_minutes?: number }>
  const without = <T,>(skills: Record<string, T>, name: string) =>
    Object.fromEntries(Object.entries(skills).filter(([each]) => each !== name))
  const refusal = refusals.required_skills ?? refusals.preferred_skills
  return (
    <>
      <span className="flex flex-wrap items-center gap-1 px-1.5">
        {Object.entries(required).map(([name, level]) => (
          <span key={name} className={CHIP}>
            <span dir="auto" className="truncate">
              {name}
            </span>
            <select
              aria-label={t.skills.level(name)}
              className="ms-0.5 h-6 rounded bg-transparent text-dim max-md:h-9"
              value={level}
              onChange={(event) => void apply(setRequiredSkills({ ...required, [name]: Number(event.target.value) }))}
            >
              {LEVELS.map((each) => (
                <option key={each}>{each}</option>
              ))}
            </select>
            <button
              type="button"
              className={REMOVE}
              aria-label={t.skills.remove(name)}
              onClick={() => void apply(setRequiredSkills(without(required, name)))}
            >
              <X size={11} />
            </button>
          </span>
        ))}
        {Object.entries(preferred).map(([name, { level = 1, for_minutes = 0 }]) => (
          <span
            key={`preferred-${name}`}
            className={`${CHIP} border-dashed`}
            title={t.skills.preferred(level, for_minutes)}
          >
            <span dir="auto" className="truncate">
              {name} {level}
            </span>
            <span className="sr-only">{t.skills.preferred(level, for_minutes)}</span>
            <button
              type="button"
              className={REMOVE}
              aria-label={t.skills.remove(name)}
              onClick={() => void apply(setPreferredSkills(without(preferred, name)))}
            >
              <X size={11} />
            </button>
          </span>
        ))}
        <Picker
          label={t.skills.add}
          reads={[read]}
          {...useOpenMenu('skills')}
          trigger={
            <button
              type="button"
              aria-label={t.skills.add}
              className="grid size-6 place-items-center rounded text-dim hover:bg-hover hover:text-ink max-md:size-11"
            >
              <Plus size={14} />
            </button>
          }
          options={(skills?.items ?? [])
            .filter(({ name }) => !(name in required))
            .map(({ id, name, description }) => ({ key: String(id), label: name, hint: description || undefined }))}
          onPick={({ label }) => void apply(setRequiredSkills({ ...required, [label]: 1 }))}
        />
      </span>
      {refusal && (
        <span role="alert" className="block px-1.5 text-[12px] leading-4 text-danger">
          {t.fieldProblem(t.names.required_skills ?? '', refusal.message)}
        </span>
      )}
    </>
  )
}
