import { useQuery } from '@tanstack/react-query'
import { Bell } from 'lucide-react'
import type { ReactNode } from 'react'
import { PriorityIcon } from '@/components/ui/priority-icon'
import { StatusIcon } from '@/components/ui/status-icon'
import { Told } from '@/components/ui/told'
import { prioritiesQuery, statusesQuery } from '@/desk/config'
import { BLANK } from '@/desk/editor/blank'
import { useFieldWords } from '@/desk/field-words'
import { useProblemWords } from '@/desk/problem-words'
import { problemsOf } from '@/lib/api/client'
import { isObject, memberOf, textsOf } from '@/lib/api/open'
import { countBlanks } from './guards'
import type { MacroPreview } from './macros'
import { t } from './messages'

const isEmpty = (value: unknown) => value === null || value === undefined || (Array.isArray(value) && !value.length)

const nameOf = (value: unknown) => {
  const named = memberOf(value, 'name') ?? value
  return named === null || named === undefined ? null : String(named)
}

/** The changes that a macro makes to a ticket, one a line or side by side. */
export function Changes({ changes, inline = false }: { changes: MacroPreview['changes']; inline?: boolean }) {
  const { data: statuses } = useQuery(statusesQuery)
  const { data: priorities } = useQuery(prioritiesQuery)
  const [, customAfter] = (changes.custom ?? []).map((each) => (isObject(each) ? each : {}))
  const words = useFieldWords(
    Object.entries(customAfter ?? {}).map(([key, value]) => ({ path: `custom.${key}`, value })),
  )
  const lines: { key: string; content: ReactNode }[] = []
  const plain = (key: keyof typeof t.field, none: string) => {
    const pair = changes[key]
    if (!pair) return
    lines.push({
      key,
      content: (
        <>
          {t.field[key]} <strong className="font-medium">{nameOf(pair[1]) ?? none}</strong>
        </>
      ),
    })
  }
  if (changes.status) {
    const status = statuses?.items.find(({ key }) => key === changes.status?.[1])
    lines.push({
      key: 'status',
      content: (
        <>
          <StatusIcon category={status?.category ?? 'open'} label={t.field.status} />
          <strong className="font-medium">{status?.label ?? String(changes.status[1])}</strong>
        </>
      ),
    })
  }
  if (changes.priority) {
    const key = String(changes.priority[1])
    lines.push({
      key: 'priority',
      content: (
        <>
          <PriorityIcon priority={key} />
          <strong className="font-medium">{priorities?.items.find((each) => each.key === key)?.label ?? key}</strong>
        </>
      ),
    })
  }
  plain('assignee', t.nobodyAssigned)
  plain('team', t.emptied)
  plain('type', t.emptied)
  plain('form', t.emptied)
  if (changes.tags) {
    const [before, after] = [textsOf(changes.tags[0]), textsOf(changes.tags[1])]
    const added = after.filter((tag) => !before.includes(tag))
    const removed = before.filter((tag) => !after.includes(tag))
    lines.push({
      key: 'tags',
      content: (
        <>
          {t.field.tags}
          {added.map((tag) => (
            <span key={tag} className="rounded bg-accent-soft px-1.5 text-[12px] leading-[18px] text-accent">
              {t.tagAdded(tag)}
            </span>
          ))}
          {removed.map((tag) => (
            <span key={tag} className="rounded border border-line px-1.5 text-[12px] leading-[18px] text-dim">
              {t.tagRemoved(tag)}
            </span>
          ))}
        </>
      ),
    })
  }
  if (changes.custom) {
    const [before, after] = changes.custom.map((each) => (isObject(each) ? each : {}))
    for (const key of Object.keys({ ...before, ...after })) {
      const value = after?.[key]
      // Nothing, however it is written, is no change of nothing.
      if ((isEmpty(before?.[key]) && isEmpty(value)) || JSON.stringify(before?.[key]) === JSON.stringify(value))
        continue
      lines.push({
        key: `custom.${key}`,
        content: (
          <>
            <span dir="auto">{words.label(`custom.${key}`) ?? key}</span>
            <strong dir="auto" className="font-medium">
              {isEmpty(value) ? t.emptied : (words.value(`custom.${key}`, value) ?? String(value))}
            </strong>
          </>
        ),
      })
    }
  }
  if (changes.required_skills)
    lines.push({
      key: 'skills',
      content: `${t.field.required_skills} ${Object.keys(Object(changes.required_skills[1])).join(', ')}`,
    })
  if (!lines.length) return <p className="text-dim">{t.nothingChanges}</p>
  return (
    <ul className={inline ? 'flex flex-wrap gap-x-3' : 'space-y-1'}>
      {lines.map(({ key, content }) => (
        <li key={key} className="flex flex-wrap items-center gap-x-2 gap-y-1">
          {content}
        </li>
      ))}
    </ul>
  )
}

const HEADING = 'mt-3 mb-1 text-[12px] text-dim first:mt-0'

/** Words of a text, with the blanks that are to be filled in. */
const withBlanks = (text: string): ReactNode[] =>
  text.split(EACH_BLANK).map((part, n) =>
    n % 2 ? (
      <span key={`blank ${String(n)}`} className="blank">
        {part}
      </span>
    ) : (
      part
    ),
  )

const EACH_BLANK = new RegExp(`(${BLANK.source})`)

/** Words of a text, with what was filled in tinted. */
function Written({ html, fills }: { html: string; fills: string[] }) {
  const { body } = new DOMParser().parseFromString(html, 'text/html')
  for (const block of body.querySelectorAll('p, li, br')) block.append('\n')
  let rest = (body.textContent ?? '').trim()
  const parts: ReactNode[] = []
  for (const [n, value] of fills.entries()) {
    const at = rest.indexOf(value)
    if (at < 0) continue
    parts.push(
      ...withBlanks(rest.slice(0, at)),
      <span key={String(n)} className="filled">
        {value}
      </span>,
    )
    rest = rest.slice(at + value.length)
  }
  return (
    <p dir="auto" className="message whitespace-pre-wrap">
      {parts}
      {withBlanks(rest)}
    </p>
  )
}

/** What the desk says a macro would do: its text, its changes, and the triggers that would answer them. */
export function Preview({
  preview,
  written,
  error,
}: {
  preview: MacroPreview | undefined
  written: { kind: 'reply' | 'note'; html: string; fills: string[] } | null
  error: Error | null
}) {
  const words = useProblemWords()
  if (error)
    return (
      <div role="alert" className="text-danger-ink">
        <p>
          <Told text={error.message} />
        </p>
        {problemsOf(error).map((problem) => (
          <p key={problem.path}>
            <Told text={words.problem(problem)} />
          </p>
        ))}
      </div>
    )
  if (!preview)
    return (
      <div aria-hidden className="space-y-2">
        {['w-20', 'w-full', 'w-4/5', 'w-24', 'w-1/2'].map((width) => (
          <span key={width} className={`block h-4 animate-pulse rounded bg-hover ${width}`} />
        ))}
      </div>
    )
  return (
    <>
      {written && (
        <>
          <p className={HEADING}>{written.kind === 'note' ? t.wouldNote : t.wouldWrite}</p>
          <Written html={written.html} fills={written.fills} />
          {countBlanks(written.html) > 0 && (
            <p className="mt-1 rounded bg-amber-soft px-2 py-0.5 text-[12px] text-amber-ink">
              {t.blanks(countBlanks(written.html))}
            </p>
          )}
        </>
      )}
      <p className={HEADING}>{t.wouldChange}</p>
      <Changes changes={preview.changes} />
      {preview.triggers.length > 0 && (
        <>
          <p className={HEADING}>{t.thenTriggers}</p>
          <ul className="space-y-1">
            {preview.triggers.map(({ id, name, problem, changes, messages }) => (
              <li key={id} className="flex items-start gap-2">
                <Bell size={14} className="mt-[3px] shrink-0 text-dim" aria-hidden />
                <div className="min-w-0">
                  <span dir="auto">
                    “{name}”{problem && <span className="text-danger-ink"> · {words.text(problem)}</span>}
                  </span>
                  {Object.keys(changes).length > 0 && <Changes changes={changes} />}
                  {messages.map((kind, at) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: they never change
                    <p key={at}>{kind === 'note' ? t.triggerNotes : t.triggerReplies}</p>
                  ))}
                </div>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}
