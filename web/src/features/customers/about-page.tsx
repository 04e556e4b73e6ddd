import { Link } from '@tanstack/react-router'
import { ArrowLeft, Pencil, StickyNote } from 'lucide-react'
import { type ReactNode, useRef, useState } from 'react'
import { useCommands } from '@/desk/commands'
import type { About } from '@/desk/customers'
import { usePageTitle } from '@/desk/page'
import { useMedia } from '@/lib/use-media'
import { History } from './history'
import { t } from './messages'
import { Notes } from './notes'
import { type Section, Sections } from './sections'
import { TicketRows } from './ticket-rows'

interface Props {
  about: About
  name: string
  /** The list it stands in. */
  list: { to: '/customers' | '/organizations'; label: string }
  face: ReactNode
  /** Its name, which may be edited, and what is said of it in a line. */
  title: ReactNode
  line: ReactNode
  acts: ReactNode
  /** Whether the name can be edited here. */
  editable: boolean
  /** Below the title. */
  children: ReactNode
  details: ReactNode
  noteCount?: string | undefined
  sections?: Section[]
}

/** The page of a customer or an organization: head, history and tickets, and its details beside them. */
export function AboutPage({
  about,
  name,
  list,
  face,
  title,
  line,
  acts,
  editable,
  children,
  details,
  noteCount,
  sections = [],
}: Props) {
  const [shown, setShown] = useState('history')
  usePageTitle(name)
  const wide = useMedia('(min-width: 1280px)')
  const [noting, setNoting] = useState(false)
  const heading = useRef<HTMLHeadingElement>(null)
  useCommands([
    ...(editable
      ? [
          {
            keys: 'e',
            label: t.editName,
            group: 'Actions' as const,
            icon: <Pencil size={16} />,
            run: () => heading.current?.querySelector('button')?.click(),
          },
        ]
      : []),
    {
      keys: 'n',
      label: t.addNote,
      group: 'Actions',
      icon: <StickyNote size={16} />,
      run: () => {
        if (!wide) setShown('details')
        setNoting(true)
      },
    },
  ])
  const column = (
    <>
      {details}
      <Notes about={about} name={name} asked={noting} onAsked={() => setNoting(false)} />
    </>
  )
  return (
    <div className="flex min-h-0 flex-1">
      <section aria-label={name} className="flex min-w-0 flex-1 flex-col overflow-y-auto">
        <header className="shrink-0 space-y-3 px-4 pt-4 pb-3 md:px-5">
          <Link
            to={list.to}
            className="-my-2 inline-flex min-h-11 items-center gap-1.5 text-dim hover:underline lg:hidden"
          >
            <ArrowLeft size={15} className="rtl:-scale-x-100" aria-hidden /> {list.label}
          </Link>
          <div className="flex flex-wrap items-center gap-3">
            {face}
            <div className="min-w-0 flex-1 basis-56">
              <h1 ref={heading} className="text-[20px] leading-7 font-semibold" tabIndex={-1}>
                {title}
              </h1>
              <p className="flex flex-wrap gap-x-2 px-1.5 text-dim">{line}</p>
            </div>
            {acts}
          </div>
          {children}
        </header>
        <Sections
          shown={shown}
          show={setShown}
          sections={[
            { key: 'history', label: t.tabs.history, content: <History about={about} /> },
            { key: 'tickets', label: t.tabs.tickets, content: <TicketRows about={about} /> },
            ...sections,
            {
              key: 'details',
              label: t.details,
              count: noteCount,
              narrow: true,
              content: <div className="space-y-5 p-4 xl:hidden">{column}</div>,
            },
          ]}
        />
      </section>
      <aside
        aria-label={t.details}
        className="hidden w-[320px] shrink-0 space-y-5 overflow-y-auto border-s border-line bg-panel px-4 py-4 xl:block"
      >
        {column}
      </aside>
    </div>
  )
}
