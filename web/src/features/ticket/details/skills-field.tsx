import { useQuery } from '@tanstack/react-query'
import { Plus, X } from 'lucide-react'
import { Picker } from '@/components/picker/picker'
import { skillsQuery } from '@/desk/config'
import { setSkills } from '@/desk/ticket-changes'
import { useOpenMenu, useOpenTicket } from '../ticket-context'
import { t } from './messages'

const LEVELS = [1, 2, 3, 4, 5]
const CHIP = 'flex max-w-full items-center rounded border border-line bg-raised ps-1.5 text-[12px] leading-5'
const REMOVE = 'grid size-6 shrink-0 place-items-center rounded text-dim hover:text-danger max-md:size-9'

const isPreferred = (level: string) => level.startsWith('p')

/** The skills that whoever gets the ticket must have, each with its lowest level, and those that are preferred. */
export function SkillsField() {
  const { ticket, apply, refusals } = useOpenTicket()
  const read = useQuery(skillsQuery)
  const { data: skills } = read
  const { required_skills: required, preferred_skills: preferred } = ticket
  const refusal = refusals.required_skills ?? refusals.preferred_skills
  /** A level is `3` where it is required, and `p3` where it is preferred; nothing takes the skill away. */
  const set = (name: string, was: string | undefined, wanted?: string) => {
    const skills = { required_skills: { ...required }, preferred_skills: { ...preferred } }
    if (was) delete skills[isPreferred(was) ? 'preferred_skills' : 'required_skills'][name]
    const level = Number(wanted?.replace('p', ''))
    const minutes = preferred[name]?.for_minutes ?? 0
    if (wanted && isPreferred(wanted)) skills.preferred_skills[name] = { level, for_minutes: minutes }
    else if (wanted) skills.required_skills[name] = level
    void apply(setSkills(skills))
  }
  const chip = (name: string, chosen: string, about?: string) => (
    <span key={`${name} ${isPreferred(chosen)}`} className={about ? `${CHIP} border-dashed` : CHIP} title={about}>
      <span dir="auto" className="truncate">
        {name}
      </span>
      {about && <span className="sr-only">{about}</span>}
      <select
        aria-label={t.skills.level(name)}
        className="ms-0.5 h-6 rounded bg-transparent text-dim max-md:h-9"
        value={chosen}
        onChange={(event) => set(name, chosen, event.target.value)}
      >
        <optgroup label={t.skills.required}>
          {LEVELS.map((each) => (
            <option key={each} value={each}>
              {each}
            </option>
          ))}
        </optgroup>
        <optgroup label={t.skills.better}>
          {LEVELS.map((each) => (
            <option key={each} value={`p${each}`}>
              {each}
            </option>
          ))}
        </optgroup>
      </select>
      <button type="button" className={REMOVE} aria-label={t.skills.remove(name)} onClick={() => set(name, chosen)}>
        <X size={11} />
      </button>
    </span>
  )
  return (
    <>
      <span className="flex flex-wrap items-center gap-1 px-1.5">
        {Object.entries(required).map(([name, level]) => chip(name, String(level)))}
        {Object.entries(preferred).map(([name, { level, for_minutes }]) =>
          chip(name, `p${level}`, t.skills.preferred(level, for_minutes)),
        )}
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
            .filter(({ name }) => !(name in required) && !(name in preferred))
            .map(({ id, name, description }) => ({ key: String(id), label: name, hint: description || undefined }))}
          onPick={({ label }) => set(label, undefined, '1')}
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
