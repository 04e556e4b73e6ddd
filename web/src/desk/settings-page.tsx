import { type ReactNode, useId } from 'react'
import { PageTitle } from './page'
import { useWayBack } from './way-back'

/** The frame of a page of settings: its title, its sections in one column, and Escape as the way back. */
export function SettingsPage({ title, children }: { title: string; children: ReactNode }) {
  useWayBack()
  return (
    <>
      <header className="flex h-12 shrink-0 items-center border-b border-line px-4 md:px-5">
        <PageTitle title={title} />
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto max-w-[720px] space-y-9 px-4 py-6 md:px-5">{children}</div>
      </div>
    </>
  )
}

export function SettingsSection({ title, hint, children }: { title: string; hint?: string; children: ReactNode }) {
  const id = useId()
  return (
    <section aria-labelledby={id}>
      <h2 id={id} className="font-semibold">
        {title}
      </h2>
      {hint && <p className="mt-1 text-dim">{hint}</p>}
      <div className="mt-3">{children}</div>
    </section>
  )
}
