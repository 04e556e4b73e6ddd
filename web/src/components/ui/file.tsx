import clsx from 'clsx'
import { FileText } from 'lucide-react'

/** A sheet of paper with the ending of the file's name on it. */
export function FileIcon({ name }: { name: string }) {
  const ending = /\.([a-z0-9]{1,4})$/i.exec(name)?.[1]
  return (
    <span
      aria-hidden
      className="grid h-9 w-8 shrink-0 place-items-end justify-center rounded border border-line bg-accent-soft pb-1 text-[10px] leading-3 font-semibold text-accent"
    >
      {ending ? ending.toUpperCase() : <FileText size={15} />}
    </span>
  )
}

/** A name that may be cut, but not its ending: that says what the file is. */
export function FileName({ name, className }: { name: string; className?: string }) {
  const ending = /[^.]\.[^.\s]{1,8}$/.exec(name)?.[0].slice(1) ?? ''
  return (
    <span title={name} className={clsx('flex min-w-0', className)}>
      <span dir="auto" className="flex min-w-0">
        <span className="truncate whitespace-pre">{name.slice(0, name.length - ending.length)}</span>
        <span className="shrink-0">{ending}</span>
      </span>
    </span>
  )
}
