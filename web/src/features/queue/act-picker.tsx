import { Dialog } from '@base-ui/react/dialog'
import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import type { Option } from '@/components/picker/options'
import { PickerList } from '@/components/picker/picker-list'
import { Avatar } from '@/components/ui/avatar'
import { Button } from '@/components/ui/button'
import { DialogRoot } from '@/components/ui/dialog'
import { PriorityIcon } from '@/components/ui/priority-icon'
import { StatusIcon } from '@/components/ui/status-icon'
import { agentsOf, asTag, prioritiesQuery, statusesQuery, tagsQuery, teamsQuery, typeWord } from '@/desk/config'
import { type Macro, macrosQuery } from '@/desk/macros'
import { meQuery } from '@/desk/me'
import { assign, setPriority, setStatus, setTags, setTeam, setType, TICKET_TYPES } from '@/desk/ticket-changes'
import { keepClear } from '@/lib/keep-clear'
import { useDebounced } from '@/lib/use-debounced'
import { type ActKind, type Aim, useActs } from './acts'
import { BulkField } from './bulk-field'
import { BulkLookup } from './bulk-lookup'
import { MacroConfirm } from './macro-confirm'
import { t } from './messages'

const TITLES: Record<ActKind, string> = {
  assignee: t.act.assign,
  team: t.act.team,
  priority: t.act.priority,
  status: t.act.status,
  type: t.act.type,
  tags: t.act.tags,
  untag: t.act.removeTags,
  field: t.act.field,
  requester: t.act.requester,
  organization: t.act.organization,
  language: t.act.language,
  macro: t.act.macro,
  merge: t.act.mergeInto,
  trash: t.act.trash,
}

interface Props {
  aim: Aim
  onDone: () => void
  /** Called with the tickets that an act was made on. */
  onActed: (aim: Aim, kind: ActKind) => void
}

/** Chooses what becomes of the tickets aimed at: opened by a key, a button or a menu, and left by Escape. */
export function ActPicker({ open, kind, aim, onDone, onActed }: Props & { open: boolean; kind: ActKind }) {
  const box = useRef<HTMLInputElement>(null)
  const [only] = aim.rows
  // The palette, by which it may have been opened, is gone by then.
  const [before] = useState(() => document.activeElement)
  const back = () =>
    before instanceof HTMLElement && before.isConnected && before !== document.body && !before.closest('[role=dialog]')
      ? before
      : document.getElementById('queue-rows')
  return (
    <DialogRoot open={open} onClose={onDone}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-black/25" />
        <Dialog.Popup
          ref={keepClear}
          initialFocus={kind === 'trash' ? true : box}
          finalFocus={back}
          className="fixed start-1/2 top-[16vh] z-50 flex max-h-[min(420px,64dvh)] w-[min(440px,94vw)] -translate-x-1/2 flex-col overflow-hidden rounded-xl border border-line bg-raised shadow-2xl outline-none max-md:inset-x-0 max-md:top-auto max-md:bottom-0 max-md:w-full max-md:translate-x-0 max-md:rounded-b-none rtl:translate-x-1/2"
        >
          <Dialog.Title className="shrink-0 px-3 pt-2.5 text-[12px] text-dim">
            {t.act.on(kind === 'tags' && aim.count > 1 ? t.act.addTags : TITLES[kind], aim.count, only?.id)}
          </Dialog.Title>
          {kind === 'trash' ? (
            <Trash aim={aim} onDone={onDone} onActed={onActed} />
          ) : kind === 'field' ? (
            <BulkField box={box} aim={aim} onDone={onDone} onActed={onActed} />
          ) : kind === 'requester' || kind === 'organization' || kind === 'language' ? (
            <BulkLookup key={kind} kind={kind} box={box} aim={aim} onDone={onDone} onActed={onActed} />
          ) : (
            <Choices key={kind} kind={kind} box={box} aim={aim} onDone={onDone} onActed={onActed} />
          )}
        </Dialog.Popup>
      </Dialog.Portal>
    </DialogRoot>
  )
}

function Trash({ aim, onDone, onActed }: Props) {
  const { run } = useActs()
  return (
    <div className="space-y-3 p-3">
      <p>
        <strong className="block font-semibold">{t.act.trashed(aim.count)}</strong>
        <span className="text-dim">{t.act.trashedHint}</span>
      </p>
      <div className="flex justify-end gap-2">
        <Button variant="chip" onClick={onDone}>
          {t.act.cancel}
        </Button>
        <Button
          variant="primary"
          onClick={() => {
            run(aim, { action: 'delete' })
            onActed(aim, 'trash')
            onDone()
          }}
        >
          {t.keys.trash.replace('…', '')}
        </Button>
      </div>
    </div>
  )
}

function Choices({
  kind,
  box,
  aim,
  onDone,
  onActed,
}: Props & { kind: ActKind; box: React.RefObject<HTMLInputElement | null> }) {
  const { change, run } = useActs()
  const { data: me } = useQuery(meQuery)
  const [typed, setTyped] = useState('')
  const [asking, setAsking] = useState<Macro | null>(null)
  const statuses = useQuery(statusesQuery)
  const priorities = useQuery(prioritiesQuery)
  const teams = useQuery(teamsQuery)
  const macros = useQuery({ ...macrosQuery, enabled: kind === 'macro' })
  const tags = useQuery({ ...tagsQuery(useDebounced(typed.trim(), 150)), enabled: kind === 'tags' })
  const only = aim.count === 1 ? aim.rows[0] : undefined
  // What the selection has, those that most of it has first; of a whole list only a part is known.
  const known = aim.rows.length === aim.count
  const had = new Map<string, number>()
  for (const name of aim.rows.flatMap((row) => row.tags)) had.set(name, (had.get(name) ?? 0) + 1)
  const tagged = [...had].toSorted(([, one], [, other]) => other - one).map(([name]) => name)
  const tagOption = (name: string): Option => ({
    key: name,
    label: name,
    chosen: kind === 'tags' && known && had.get(name) === aim.count,
    hint: only || !known || !had.has(name) ? undefined : t.act.onSome(had.get(name) ?? 0, aim.count),
  })
  const tag = (name: string) => {
    if (only && kind === 'tags')
      change(aim, setTags(only.tags.includes(name) ? only.tags.filter((each) => each !== name) : [...only.tags, name]))
    else run(aim, kind === 'untag' ? { action: 'update', remove_tags: [name] } : { action: 'update', add_tags: [name] })
  }
  const options = (): Option[] => {
    switch (kind) {
      case 'assignee':
        return [
          ...(me
            ? [
                {
                  key: String(me.id),
                  label: `${me.name} (${t.me})`,
                  icon: <Avatar name={me.name} size={18} />,
                  chosen: only?.assignee?.id === me.id,
                },
              ]
            : []),
          { key: '', label: t.nobody, icon: <Avatar size={18} />, chosen: only !== undefined && !only.assignee },
          ...agentsOf(teams.data)
            .filter(({ id }) => id !== me?.id)
            .map(({ id, name }) => ({
              key: String(id),
              label: name,
              icon: <Avatar name={name} size={18} />,
              chosen: only?.assignee?.id === id,
            })),
        ]
      case 'team':
        return [
          ...(teams.data?.items ?? [])
            .filter(({ active, id }) => active || only?.team?.id === id)
            .map(({ id, name, color }) => ({
              key: String(id),
              label: name,
              icon: <span className="mx-1 size-2 rounded-[2px]" style={{ background: color }} />,
              chosen: only?.team?.id === id,
            })),
          { key: '', label: t.noTeam, chosen: only !== undefined && !only.team },
        ]
      case 'priority':
        return (priorities.data?.items ?? [])
          .filter(({ active, key }) => active || only?.priority === key)
          .map(({ key, label }) => ({
            key,
            label,
            icon: <PriorityIcon priority={key} />,
            chosen: only?.priority === key,
          }))
      case 'status':
        return (statuses.data?.items ?? [])
          .filter(({ active }) => active)
          .map(({ key, label, category }) => ({
            key,
            label,
            icon: <StatusIcon category={category} label="" />,
            chosen: only?.status === key,
          }))
      case 'type':
        return TICKET_TYPES.map((key) => ({
          key,
          label: typeWord(key),
          chosen: only?.type === key,
        }))
      case 'tags':
        return [
          ...new Set([
            ...tagged.filter((name) => name.includes(typed.trim().toLowerCase())),
            ...(tags.data?.items ?? []).map(({ name }) => name),
          ]),
        ].map(tagOption)
      case 'untag':
        return tagged.map(tagOption)
      case 'macro':
        return (macros.data ?? []).map(({ id, name, description }) => ({
          key: String(id),
          label: name,
          hint: description || undefined,
        }))
      default:
        return []
    }
  }
  const pick = ({ key }: Option) => {
    const agent =
      kind === 'assignee'
        ? [...agentsOf(teams.data), ...(me ? [me] : [])].find(({ id }) => String(id) === key)
        : undefined
    const status = statuses.data?.items.find((each) => each.key === key)
    const team = teams.data?.items.find(({ id }) => String(id) === key)
    const type = TICKET_TYPES.find((each) => each === key)
    if (kind === 'assignee') change(aim, assign(agent ?? null))
    else if (kind === 'team') change(aim, setTeam(team ?? null))
    else if (kind === 'priority') change(aim, setPriority(key))
    else if (kind === 'status' && status) change(aim, setStatus(status))
    else if (kind === 'type' && type) change(aim, setType(type))
    else if (kind === 'tags' || kind === 'untag') tag(key)
    else if (kind === 'macro') {
      const macro = macros.data?.find(({ id }) => String(id) === key)
      if (macro?.message_kind === 'reply') return setAsking(macro)
      run(aim, { action: 'macro', macro_id: Number(key) })
    }
    onActed(aim, kind)
    if (kind !== 'tags' && kind !== 'untag') onDone()
  }
  const source = { assignee: teams, team: teams, priority: priorities, status: statuses, macro: macros, tags }[
    kind as 'assignee' | 'team' | 'priority' | 'status' | 'macro' | 'tags'
  ]
  if (asking)
    return (
      <MacroConfirm
        macro={asking}
        aim={aim}
        onCancel={onDone}
        onConfirm={() => {
          run(aim, { action: 'macro', macro_id: asking.id })
          onActed(aim, kind)
          onDone()
        }}
      />
    )
  return (
    <PickerList
      label={TITLES[kind]}
      box={box}
      options={options()}
      onPick={pick}
      onDone={kind === 'tags' || kind === 'untag' ? onDone : () => {}}
      loading={source?.isPending ?? false}
      onRetry={source?.isError ? () => void source.refetch() : undefined}
      {...(kind === 'tags'
        ? {
            onTyped: setTyped,
            asName: asTag,
            onCreate: (name: string) => {
              tag(name)
              onActed(aim, kind)
            },
          }
        : {})}
    />
  )
}
