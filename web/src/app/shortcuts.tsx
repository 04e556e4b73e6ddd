import { Kbd } from '@/components/ui/kbd'
import { Modal } from '@/components/ui/modal'
import { allCommands } from './commands'

export function Shortcuts({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Modal open={open} onClose={onClose} title="Shortcuts">
      <dl className="grid grid-cols-2 gap-x-8 gap-y-1.5">
        {open &&
          allCommands().map((command) => (
            <div key={command.keys + command.label} className="flex items-center justify-between gap-3">
              <dt>{command.label}</dt>
              <dd className="flex gap-1">
                {command.keys.split(' ').map((key) => (
                  <Kbd key={key}>{key}</Kbd>
                ))}
              </dd>
            </div>
          ))}
      </dl>
    </Modal>
  )
}
