import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { Triangle } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button } from '@/components/ui/button'
import { CONTROL } from '@/components/ui/field'
import { Told } from '@/components/ui/told'
import { meQuery } from '@/desk/me'
import { usePageTitle } from '@/desk/page'
import { isDoubted, lastPerson } from '@/lib/person'
import { giveKeys } from '@/lib/typed-ahead'
import { t } from './messages'
import { logIn } from './queries'

/** The log-in page. `from`: the address that the agent wanted to see. */
export function LogIn({ from }: { from: string }) {
  const router = useRouter()
  const client = useQueryClient()
  usePageTitle(t.title)
  useEffect(giveKeys, [])
  // Whoever logs out leaves nothing behind: this is somebody whose session has ended.
  const [ended] = useState(() => ({
    yes: lastPerson() !== null && isDoubted(),
    email: client.getQueryData(meQuery.queryKey)?.email ?? undefined,
  }))
  const signIn = useMutation({
    mutationFn: (form: FormData) => logIn(String(form.get('email')), String(form.get('password'))),
    onSuccess: () => {
      // Nothing of another agent's stays.
      client.clear()
      router.history.replace(from)
    },
  })
  return (
    <main className="grid h-full place-items-center bg-panel">
      <form
        className="w-80 rounded-xl border border-line bg-raised p-6 shadow-sm"
        onSubmit={(event) => {
          event.preventDefault()
          signIn.mutate(new FormData(event.currentTarget))
        }}
      >
        <div className="mb-4 grid size-9 place-items-center rounded-lg bg-[#9ff0e0] text-[#0b5f5a]">
          <Triangle size={18} strokeWidth={2.5} aria-hidden />
        </div>
        <h1 className="mb-4 text-[20px] leading-7 font-semibold">{t.title}</h1>
        {ended.yes && (
          <p role="status" className="mb-4 rounded-md bg-accent-soft px-3 py-2">
            {t.ended}
          </p>
        )}
        <label className="block">
          {t.email}
          <input
            // biome-ignore lint/a11y/noAutofocus: there is nothing else to do here
            autoFocus={!ended.email}
            className={`${CONTROL} mt-1 h-9`}
            name="email"
            type="email"
            autoComplete="username"
            defaultValue={ended.email}
            required
          />
        </label>
        <label className="mt-3 block">
          {t.password}
          <input
            // biome-ignore lint/a11y/noAutofocus: it alone is left to fill in
            autoFocus={Boolean(ended.email)}
            className={`${CONTROL} mt-1 h-9`}
            name="password"
            type="password"
            autoComplete="current-password"
            required
          />
        </label>
        {signIn.error && (
          <p role="alert" className="mt-3 text-danger">
            <Told text={signIn.error.message} />
          </p>
        )}
        <Button variant="primary" type="submit" className="mt-5 w-full justify-center" disabled={signIn.isPending}>
          {t.logIn}
        </Button>
      </form>
    </main>
  )
}
