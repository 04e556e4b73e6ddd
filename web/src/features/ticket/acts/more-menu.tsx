import { Menu as Base } from '@base-ui/react/menu'
import { Ellipsis } from 'lucide-react'
import { Kbd } from '@/components/ui/kbd'
import type { Command } from '@/desk/commands'
import { t } from './messages'

/** All acts on a ticket that have no button of their own, with their keys; the same for a thumb. */
export function MoreMenu({ acts }: { acts: Command[] }) {
  return (
    <Base.Root>
      <Base.Trigger
        className="grid size-7 place-items-center rounded hover:bg-hover data-popup-open:bg-hover max-md:size-11"
        aria-label={t.more}
        title={t.more}
      >
        <Ellipsis size={17} />
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner align="end" sideOffset={4} className="z-50 outline-none">
          <Base.Popup
            aria-label={t.more}
            className="max-h-[70dvh] min-w-64 max-w-[calc(100vw-16px)] overflow-auto rounded-lg border border-line bg-raised p-1 shadow-lg outline-none"
          >
            {acts.map((act) => (
              <Base.Item
                key={act.label}
                onClick={act.run}
                className="flex min-h-8 items-center gap-2.5 rounded px-2 outline-none data-highlighted:bg-hover max-md:min-h-11"
              >
                <span className="text-dim">{act.icon}</span>
                <span className="flex-1">{act.label}</span>
                {act.keys && (
                  <span className="max-md:hidden">
                    <Kbd>{/^[A-Z]$/.test(act.keys) ? `⇧${act.keys}` : act.keys.toUpperCase()}</Kbd>
                  </span>
                )}
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
