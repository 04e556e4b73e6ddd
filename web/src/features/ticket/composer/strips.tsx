import clsx from 'clsx'
import { CircleAlert, Zap } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '@/components/ui/button'
import { StatusIcon } from '@/components/ui/status-icon'
import { type GuardAct, GuardButton } from './guard-keys'
import { Changes } from './macro-preview'
import type { MacroPreview } from './macros'
import { t } from './messages'

/** A line between text and tools that says something about the message, with what can be done about it. */
const Strip = ({
  tone,
  icon,
  children,
  acts,
}: {
  tone: 'guard' | 'macro'
  icon: ReactNode
  children: ReactNode
  acts: ReactNode
}) => (
  <div
    role={tone === 'guard' ? 'alert' : 'status'}
    className={clsx(
      'mx-1 mt-1.5 flex flex-wrap items-center gap-x-2 gap-y-1 rounded-lg px-3 py-1 max-md:mx-2 max-md:min-h-11',
      tone === 'guard' ? 'bg-amber-soft text-amber-ink' : 'bg-accent-soft',
    )}
  >
    {icon}
    <div className="min-w-40 flex-1">{children}</div>
    <span className="flex gap-1">{acts}</span>
  </div>
)

const WARN = <CircleAlert size={15} className="shrink-0" aria-hidden />

/** What stands against sending a message, with what can be done about it. */
export const GuardStrip = ({ text, acts = [] }: { text: string; acts?: readonly GuardAct[] }) => (
  <Strip tone="guard" icon={WARN} acts={acts.map((act) => <GuardButton key={act.key} act={act} />)}>
    {text}
  </Strip>
)

const TOLD = ['priority', 'assignee', 'team', 'type', 'form', 'tags', 'custom', 'required_skills']

/** What a macro has set besides its text, and how to take that alone back. */
export const MacroStrip = ({
  name,
  applying,
  status,
  changes,
  onUndo,
}: {
  name: string
  /** The desk has not answered yet. */
  applying: boolean
  status: { label: string; category: string } | undefined
  changes: MacroPreview['changes']
  onUndo: () => void
}) => {
  const others = Object.fromEntries(Object.entries(changes).filter(([key]) => TOLD.includes(key)))
  return (
    <Strip
      tone="macro"
      icon={<Zap size={15} className="shrink-0 text-accent" aria-hidden />}
      acts={
        <Button className="text-accent max-md:h-11" onClick={onUndo}>
          {t.undo}
        </Button>
      }
    >
      <span className="flex flex-wrap items-center gap-x-2">
        <strong dir="auto" className="font-semibold">
          {name}
        </strong>
        {applying && t.applying}
        {!applying && (status || Object.keys(others).length > 0 ? t.macroSets : t.macroInserted)}
        {!applying && status && (
          <span className="flex items-center gap-1.5 font-medium">
            <StatusIcon category={status.category} label={status.label} /> {status.label}
          </span>
        )}
        {!applying && Object.keys(others).length > 0 && <Changes changes={others} inline />}
      </span>
    </Strip>
  )
}
