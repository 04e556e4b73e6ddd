import { AtSign, Camera, type LucideIcon, Paperclip, Zap } from 'lucide-react'
import { TOOL } from '@/desk/editor/toolbar-style'
import { t } from './messages'

/** What goes into a message beside its text: files, people and macros. */
export function Tools({
  phone,
  onAttach,
  onPhoto,
  onMention,
  onMacro,
}: {
  phone: boolean
  onAttach: () => void
  onPhoto: () => void
  onMention: () => void
  onMacro: () => void
}) {
  const tool = (label: string, Icon: LucideIcon, run: () => void, word?: string) => (
    <button
      type="button"
      className={word ? 'flex h-7 items-center gap-1.5 rounded px-2 hover:bg-hover' : TOOL}
      aria-label={label}
      title={label}
      onClick={run}
    >
      <Icon size={phone ? 20 : 15} /> {word}
    </button>
  )
  return (
    <>
      {!phone && <span className="mx-1 h-4 w-px bg-line" aria-hidden />}
      {tool(t.attach, Paperclip, onAttach)}
      {phone && tool(t.photo, Camera, onPhoto)}
      {tool(t.mention, AtSign, onMention)}
      {tool(t.applyMacro, Zap, onMacro, phone ? undefined : t.macro)}
    </>
  )
}
