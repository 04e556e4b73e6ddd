import { X } from 'lucide-react'

/** A tag that can be taken away. `remove`: what its button is called. */
export const TagChip = ({ tag, remove, onRemove }: { tag: string; remove: string; onRemove: () => void }) => (
  <span className="flex max-w-full items-center gap-0.5 rounded border border-line bg-raised ps-1.5 text-[12px] leading-5">
    <span dir="auto" className="min-w-0 [overflow-wrap:anywhere]">
      {tag}
    </span>
    <button
      type="button"
      className="grid size-6 shrink-0 place-items-center rounded text-dim hover:text-danger max-md:size-9"
      aria-label={remove}
      onClick={onRemove}
    >
      <X size={11} />
    </button>
  </span>
)
