import { Kbd } from '@/components/ui/kbd'
import { Modal } from '@/components/ui/modal'
import { allCommands } from '@/desk/commands'
import { t } from './messages'

/** The overlay that lists the keyboard shortcuts of the page. */
export function Shortcuts({ open, onClose }: { open: boolean; onClose: () => void }) {
  const commands = open ? allCommands().filter((command) => command.keys) : []
  return (
    <Modal open={open} onClose={onClose} title={t.shortcuts}>
      <dl className="grid grid-cols-2 gap-x-8 gap-y-1.5">
        {[...commands, { keys: 'Ctrl K', label: t.searchOrJump }].map((command) => (
          <div key={command.keys + command.label} className="flex items-center justify-between gap-3">
            <dt>{command.label}</dt>
            <dd className="flex gap-1">
              {command.keys.split(' ').map((key, at) => (
                <Kbd key={`${key}${String(at)}`}>{key}</Kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Modal>
  )
}
