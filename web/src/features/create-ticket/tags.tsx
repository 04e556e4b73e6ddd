import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { Picker } from '@/components/picker/picker'
import { TagChip } from '@/components/ui/tag-chip'
import { asTag, tagsQuery } from '@/desk/config'
import { useDebounced } from '@/lib/use-debounced'
import type { Labelled } from './labelled'
import { t } from './messages'

/** The tags of a new ticket: those that the desk has are suggested, and any other word makes one. */
export function Tags({
  tags,
  onChange,
  labelled,
  describe,
}: { tags: string[]; onChange: (tags: string[]) => void } & Labelled) {
  const [typed, setTyped] = useState('')
  const [open, setOpen] = useState(false)
  const read = useQuery({ ...tagsQuery(useDebounced(asTag(typed), 150)), enabled: open })
  const has = (name: string) => tags.some((tag) => tag.toLowerCase() === name.toLowerCase())
  const names = [...tags, ...(read.data?.items ?? []).map(({ name }) => name).filter((name) => !has(name))]
  const without = (name: string) => tags.filter((tag) => tag.toLowerCase() !== name.toLowerCase())
  return labelled(
    'new-tags',
    t.tags,
    'tags',
    <span className="flex min-h-8 flex-wrap items-center gap-1">
      {tags.map((tag) => (
        <TagChip key={tag} tag={tag} remove={t.removeTag(tag)} onRemove={() => onChange(without(tag))} />
      ))}
      <Picker
        label={t.tags}
        several
        open={open}
        onOpenChange={setOpen}
        trigger={
          <button
            {...describe('new-tags', 'tags')}
            type="button"
            className="flex h-8 items-center gap-1 rounded-md border border-check bg-raised px-2 text-dim hover:bg-hover data-popup-open:bg-hover max-md:h-11"
          >
            <Plus size={14} aria-hidden /> {t.addTags}
          </button>
        }
        options={names.map((name) => ({ key: name, label: name, chosen: has(name) }))}
        reads={[read]}
        onTyped={setTyped}
        asName={asTag}
        onCreate={(name) => onChange([...without(name), name])}
        onPick={({ key }) => onChange(has(key) ? without(key) : [...tags, key])}
      />
    </span>,
  )
}
