import { Modal } from '@/components/ui/modal'
import { t } from './messages'

/** What a question may be made of. */
export const Help = ({ open, onClose }: { open: boolean; onClose: () => void }) => (
  <Modal open={open} onClose={onClose} title={t.helpTitle}>
    <dl className="grid grid-cols-[minmax(0,auto)_1fr] gap-x-5 gap-y-2">
      {t.help.map(([written, meaning]) => (
        <div key={written} className="contents">
          <dt className="[overflow-wrap:anywhere]">
            <code className="rounded bg-hover px-1.5 py-0.5 font-mono text-[12px]">{written}</code>
          </dt>
          <dd>{meaning}</dd>
        </div>
      ))}
    </dl>
  </Modal>
)
