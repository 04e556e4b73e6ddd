import { Paperclip, Signature, Zap } from 'lucide-react'
import { useCommands } from '@/desk/commands'
import { t } from './messages'

/** What can be done to a message by key or from the palette, beside writing it. */
export const useComposerCommands = ({
  signature,
  unsigned,
  sign,
  chooseMacro,
  attach,
}: {
  /** There is one to stand below the message. */
  signature: boolean
  unsigned: boolean
  sign: (signed: boolean) => void
  chooseMacro: () => void
  attach: () => void
}) =>
  useCommands([
    ...(signature
      ? [
          {
            keys: '',
            label: unsigned ? t.addSignature : t.leaveSignature,
            group: 'Actions' as const,
            section: 'write' as const,
            icon: <Signature size={16} />,
            run: () => sign(unsigned),
          },
        ]
      : []),
    {
      keys: 'm',
      id: 'macro',
      label: t.key.macro,
      group: 'Actions',
      section: 'write',
      icon: <Zap size={16} />,
      run: chooseMacro,
    },
    { keys: '', label: t.key.attach, group: 'Actions', section: 'write', icon: <Paperclip size={16} />, run: attach },
  ])
