import { useQuery } from '@tanstack/react-query'
import { Plus, X } from 'lucide-react'
import { type ReactNode, useId, useRef, useState } from 'react'
import { ListFailed } from '@/components/picker/list-failed'
import { Picker } from '@/components/picker/picker'
import { retryOf } from '@/components/picker/reads'
import { BOX } from '@/components/ui/field'
import { TagChip } from '@/components/ui/tag-chip'
import { Told } from '@/components/ui/told'
import {
  asTag,
  customFieldsQuery,
  formsQuery,
  prioritiesQuery,
  skillsQuery,
  statusesQuery,
  statusOf,
  tagsQuery,
  teamsQuery,
  typeWord,
} from '@/desk/config'
import { CustomFieldControl } from '@/desk/custom-field-control'
import { t as tf } from '@/desk/fields/messages'
import { TICKET_TYPES } from '@/desk/ticket-changes'
import { memberOf, textsOf } from '@/lib/api/open'
import { useDebounced } from '@/lib/use-debounced'
import { hasTag, PATHS, type Path, type Row } from './macro-actions'
import { agentsByAddressQuery } from './macro-agents'
import { t } from './messages'

interface Described {
  id: string
  'aria-invalid': boolean
  'aria-describedby': string | undefined
}

const LEVELS = [1, 2, 3, 4, 5]

/** What a macro changes: one line for each change, with the control of its kind, and another from a list. */
export function MacroActionFields({
  rows,
  onChange,
  problemAt,
}: {
  rows: readonly Row[]
  onChange: (rows: Row[]) => void
  /** What is wrong with the line of this number. */
  problemAt: (at: number) => string | undefined
}) {
  const id = useId()
  const box = useRef<HTMLFieldSetElement>(null)
  const reads = [
    useQuery(statusesQuery),
    useQuery(prioritiesQuery),
    useQuery(teamsQuery),
    useQuery(formsQuery),
    useQuery(skillsQuery),
    useQuery(customFieldsQuery),
    useQuery(agentsByAddressQuery),
  ] as const
  const [statuses, priorities, teams, forms, skills, customFields, agents] = reads
  const fields = (customFields.data?.items ?? []).filter(({ active }) => active)
  const fieldAt = (path: Path) => fields.find(({ key }) => `custom.${key}` === path)
  const labelOf = (path: Path): string =>
    path.startsWith('custom.')
      ? (fieldAt(path)?.label ?? path.slice('custom.'.length))
      : ((t.newMacro.does as Record<string, string>)[path] ?? path)
  const active = <T extends { active: boolean }>(page: { items: T[] } | undefined) =>
    (page?.items ?? []).filter((each) => each.active)
  const choices: Partial<Record<Path, { value: string; label: string }[]>> = {
    status: active(statuses.data).map(({ key, label }) => ({ value: key, label })),
    priority: active(priorities.data).map(({ key, label }) => ({ value: key, label })),
    type: TICKET_TYPES.map((key) => ({ value: key, label: typeWord(key) })),
    team: active(teams.data).map(({ name }) => ({ value: name, label: name })),
    form: active(forms.data).map(({ name }) => ({ value: name, label: name })),
    assign: [
      { value: 'me', label: t.newMacro.whoeverUses },
      { value: 'none', label: t.newMacro.noOne },
      ...(agents.data ?? []).map(({ email, name }) => ({ value: email, label: name })),
    ],
  }
  const firstOf = (path: Path): unknown => {
    if (path === 'status') return statusOf(statuses.data, 'solved')?.key ?? choices.status?.[0]?.value
    if (path === 'require_skill') return { name: skills.data?.items[0]?.name ?? '', level: 1 }
    if (path.endsWith('_tags')) return []
    if (fieldAt(path)?.type === 'boolean') return true
    return choices[path]?.[0]?.value ?? null
  }
  // Tags and skills come several times, everything else once.
  const again: Path[] = ['require_skill']
  const offered = [
    ...PATHS.filter((path) => path !== 'form' || active(forms.data).length > 0).filter(
      (path) => path !== 'require_skill' || (skills.data?.items.length ?? 0) > 0,
    ),
    ...fields.map(({ key }): Path => `custom.${key}`),
  ].filter((path) => again.includes(path) || !rows.some((row) => row.path === path))
  const add = (path: Path) => {
    onChange([...rows, { path, value: firstOf(path) }])
    // The next key is already for its value.
    requestAnimationFrame(() =>
      box.current
        ?.querySelector<HTMLElement>(`[data-row="${rows.length}"] :is(select, input, textarea, button)`)
        ?.focus(),
    )
  }
  const set = (at: number, value: unknown) =>
    onChange(rows.map((row, place) => (place === at ? { ...row, value } : row)))
  const remove = (at: number) => {
    onChange(rows.filter((_, place) => place !== at))
    document.getElementById(`${id}-add`)?.focus()
  }
  const control = ({ path, value }: Row, at: number, described: Described): ReactNode => {
    const field = fieldAt(path)
    if (field)
      return (
        <CustomFieldControl
          field={field}
          id={described.id}
          value={value}
          message={problemAt(at)}
          className={BOX}
          onChange={(next) => set(at, next)}
          text={{ onText: (next) => set(at, next) }}
        />
      )
    if (path === 'add_tags' || path === 'remove_tags')
      return (
        <TagsOf
          label={labelOf(path)}
          tags={textsOf(value)}
          adds={path === 'add_tags'}
          described={described}
          onChange={(tags) => set(at, tags)}
        />
      )
    if (path === 'require_skill') {
      const [name, level] = [String(memberOf(value, 'name') ?? ''), Number(memberOf(value, 'level') ?? 1)]
      return (
        <span className="flex gap-2">
          <Choice
            described={described}
            value={name}
            options={(skills.data?.items ?? []).map((skill) => ({ value: skill.name, label: skill.name }))}
            onChange={(next) => set(at, { name: next, level })}
          />
          <select
            aria-label={t.newMacro.level}
            className={`${BOX} w-auto!`}
            value={level}
            onChange={({ target }) => set(at, { name, level: Number(target.value) })}
          >
            {LEVELS.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </span>
      )
    }
    return (
      <Choice
        described={described}
        value={String(value ?? '')}
        options={choices[path] ?? []}
        onChange={(next) => set(at, next)}
      />
    )
  }
  const retry = retryOf([...reads])
  return (
    <fieldset ref={box} className="space-y-2 border-t border-line pt-3">
      <legend className="sr-only">{t.newMacro.changes}</legend>
      <p aria-hidden className="font-medium">
        {t.newMacro.changes}
      </p>
      {retry && <ListFailed retry={retry} />}
      {rows.map((row, at) => {
        const problem = problemAt(at)
        const own = `${id}-${at}`
        const described = {
          id: own,
          'aria-invalid': Boolean(problem),
          'aria-describedby': problem ? `${own}-error` : undefined,
        }
        const label = labelOf(row.path)
        // Several controls have no label but a name.
        const several = fieldAt(row.path)?.type === 'multiselect'
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: they have no other name, and none of them moves
          <div key={at} data-row={at} className="flex items-start gap-2">
            <label
              id={`${own}-label`}
              htmlFor={several ? undefined : own}
              dir="auto"
              className="w-32 shrink-0 pt-1.5 text-dim [overflow-wrap:anywhere] max-md:w-24 max-md:pt-3"
            >
              {label}
            </label>
            <div className="min-w-0 flex-1">
              {control(row, at, described)}
              {problem && (
                <p id={`${own}-error`} role="alert" className="mt-1 text-danger-ink">
                  <Told text={tf.problem(label, problem)} />
                </p>
              )}
            </div>
            <button
              type="button"
              aria-label={t.newMacro.removeChange(label)}
              title={t.newMacro.removeChange(label)}
              className="grid size-8 shrink-0 place-items-center rounded text-dim hover:text-danger max-md:size-11"
              onClick={() => remove(at)}
            >
              <X size={14} aria-hidden />
            </button>
          </div>
        )
      })}
      <Picker
        label={t.newMacro.addChange}
        trigger={
          <button
            id={`${id}-add`}
            type="button"
            className="flex h-8 items-center gap-1 rounded-md border border-check bg-raised px-2 text-dim hover:bg-hover data-popup-open:bg-hover max-md:h-11"
          >
            <Plus size={14} aria-hidden /> {t.newMacro.addChange}
          </button>
        }
        options={offered.map((path) => ({ key: path, label: labelOf(path) }))}
        reads={[...reads]}
        onPick={({ key }) => add(key as Path)}
      />
    </fieldset>
  )
}

/** One of some; one that is there no more is still shown. */
const Choice = ({
  described,
  value,
  options,
  onChange,
}: {
  described: Described
  value: string
  options: { value: string; label: string }[]
  onChange: (value: string) => void
}) => (
  <select {...described} className={BOX} value={value} onChange={({ target }) => onChange(target.value)}>
    {!options.some((option) => option.value === value) && <option value={value}>{value}</option>}
    {options.map((option) => (
      <option key={option.value} value={option.value}>
        {option.label}
      </option>
    ))}
  </select>
)

function TagsOf({
  label,
  tags,
  adds,
  described,
  onChange,
}: {
  label: string
  tags: string[]
  /** A new word is a tag too. */
  adds: boolean
  described: Described
  onChange: (tags: string[]) => void
}) {
  const [typed, setTyped] = useState('')
  const [open, setOpen] = useState(false)
  const read = useQuery({ ...tagsQuery(useDebounced(asTag(typed), 150)), enabled: open })
  const without = (name: string) => tags.filter((tag) => tag.toLowerCase() !== name.toLowerCase())
  const names = [...tags, ...(read.data?.items ?? []).map(({ name }) => name).filter((name) => !hasTag(tags, name))]
  return (
    <span className="flex min-h-8 flex-wrap items-center gap-1">
      {tags.map((tag) => (
        <TagChip key={tag} tag={tag} remove={t.newMacro.withoutTag(tag)} onRemove={() => onChange(without(tag))} />
      ))}
      <Picker
        label={label}
        several
        open={open}
        onOpenChange={setOpen}
        trigger={
          <button
            id={described.id}
            aria-describedby={described['aria-describedby']}
            type="button"
            className="flex h-8 items-center gap-1 rounded-md border border-check bg-raised px-2 text-dim hover:bg-hover data-popup-open:bg-hover max-md:h-11"
          >
            <Plus size={14} aria-hidden /> {t.newMacro.tags}
          </button>
        }
        options={names.map((name) => ({ key: name, label: name, chosen: hasTag(tags, name) }))}
        reads={[read]}
        onTyped={setTyped}
        asName={asTag}
        {...(adds ? { onCreate: (name: string) => onChange([...without(name), name]) } : {})}
        onPick={({ key }) => onChange(hasTag(tags, key) ? without(key) : [...tags, key])}
      />
    </span>
  )
}
