import { useQuery } from '@tanstack/react-query'
import clsx from 'clsx'
import { Plus } from 'lucide-react'
import { useEffect, useId, useRef, useState } from 'react'
import { ListFailed } from '@/components/picker/list-failed'
import { retryOf } from '@/components/picker/reads'
import { TagChip } from '@/components/ui/tag-chip'
import { asTag, tagsQuery } from '@/desk/config'
import { useOpenTicket } from '../ticket-context'
import { t } from './messages'

/** More than so many are folded to so many. */
const MANY = 9
const SHOWN = 6

/** The tags of a ticket, and a field that suggests the desk's tags; Enter on another word creates a new one. */
export function TagField({
  tags,
  message,
  save,
}: {
  tags: string[]
  message: string | undefined
  save: (tags: string[]) => void
}) {
  const { menu, setMenu } = useOpenTicket()
  const field = useRef<HTMLInputElement>(null)
  // Asked for by key; the field itself is the list.
  useEffect(() => {
    if (menu !== 'tags') return
    field.current?.focus()
    setMenu(null)
  }, [menu, setMenu])
  const [typed, setTyped] = useState('')
  const [open, setOpen] = useState(false)
  const [at, setAt] = useState(0)
  const [all, setAll] = useState(false)
  const shown = all || tags.length <= MANY ? tags : tags.slice(0, SHOWN)
  const id = useId()
  const wanted = asTag(typed)
  const read = useQuery({ ...tagsQuery(wanted), enabled: open })
  const { data } = read
  const retry = retryOf([read])
  const has = (name: string) => tags.some((tag) => tag.toLowerCase() === name.toLowerCase())
  const known = data?.items.map(({ name }) => name) ?? []
  const isPrefixed = (name: string) => Number(name.toLowerCase().startsWith(wanted.toLowerCase()))
  const offered = known
    .filter((name) => !has(name) && name.toLowerCase().includes(wanted.toLowerCase()))
    .toSorted((a, b) => isPrefixed(b) - isPrefixed(a))
    .map((name) => ({ name, isNew: false }))
  if (wanted && !has(wanted) && !known.some((name) => name.toLowerCase() === wanted.toLowerCase()))
    offered.push({ name: wanted, isNew: true })
  const current = Math.min(at, offered.length - 1)
  const add = (name: string) => {
    setTyped('')
    setAt(0)
    // What lies below is in reach again; the next letter opens the list anew.
    setOpen(false)
    if (name && !has(name)) save([...tags, name])
  }
  return (
    <div className="relative">
      <span className="flex flex-wrap items-center gap-1 px-1.5">
        {shown.map((tag) => (
          <TagChip
            key={tag}
            tag={tag}
            remove={t.tags.remove(tag)}
            onRemove={() => save(tags.filter((other) => other !== tag))}
          />
        ))}
        {shown.length < tags.length && (
          <button
            type="button"
            aria-label={t.tags.showAll(tags.length)}
            title={tags.slice(SHOWN).join(', ')}
            className="h-6 rounded px-1.5 text-[12px] text-accent hover:bg-hover max-md:h-11"
            onClick={() => setAll(true)}
          >
            {t.tags.more(tags.length - shown.length)}
          </button>
        )}
        <input
          ref={field}
          role="combobox"
          aria-label={t.tags.add}
          aria-invalid={Boolean(message)}
          aria-describedby={message ? `${id}-error` : undefined}
          aria-expanded={open && offered.length > 0}
          aria-controls={`${id}-list`}
          aria-activedescendant={open && offered.length ? `${id}-${current}` : undefined}
          aria-autocomplete="list"
          autoComplete="off"
          placeholder={t.tags.placeholder}
          className="h-6 w-24 rounded bg-transparent px-1 placeholder:text-dim max-md:h-11 max-md:text-[16px]"
          value={typed}
          onFocus={() => {
            setOpen(true)
            // What Backspace takes away is seen.
            setAll(true)
          }}
          onBlur={() => {
            setOpen(false)
            setTyped('')
          }}
          onChange={(event) => {
            setTyped(event.target.value)
            setAt(0)
            setOpen(true)
          }}
          onKeyDown={(event) => {
            const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
            if (step !== undefined) {
              setOpen(true)
              setAt((current + step + offered.length) % Math.max(offered.length, 1))
            } else if (event.key === 'Enter') {
              // Without a typed word, Enter takes a suggestion only when the cursor has been moved to it.
              const chosen = open ? offered[current]?.name : wanted
              if (chosen && (typed || at > 0)) add(chosen)
            } else if (event.key === 'Escape') {
              if (!open) event.currentTarget.blur()
              setOpen(false)
              setTyped('')
            } else if (event.key === 'Backspace' && !typed && tags.length) {
              save(tags.slice(0, -1))
            } else return
            event.preventDefault()
          }}
        />
      </span>
      {message && (
        <p id={`${id}-error`} role="alert" className="px-1.5 text-[12px] leading-4 text-danger">
          {t.fieldProblem(t.tags.name, message)}
        </p>
      )}
      {open && (offered.length > 0 || retry) && (
        <div className="absolute top-full start-0 z-30 mt-1 max-h-56 w-44 overflow-auto rounded-lg border border-line bg-raised p-1 shadow-lg">
          {retry && <ListFailed retry={retry} />}
          <div id={`${id}-list`} role="listbox" aria-label={t.tags.name}>
            {offered.map(({ name, isNew }, index) => (
              <div
                key={name}
                id={`${id}-${index}`}
                role="option"
                aria-selected={index === current}
                tabIndex={-1}
                onMouseMove={() => setAt(index)}
                // Before the field loses the focus and takes the list away.
                onMouseDown={(event) => {
                  event.preventDefault()
                  add(name)
                }}
                className={clsx('flex h-7 items-center gap-1.5 rounded px-2', index === current && 'bg-hover')}
              >
                {isNew && <Plus size={13} className="shrink-0 text-dim" aria-hidden />}
                <span className="truncate">{isNew ? t.tags.create(name) : name}</span>
              </div>
            ))}
          </div>
        </div>
      )}
    </div>
  )
}
