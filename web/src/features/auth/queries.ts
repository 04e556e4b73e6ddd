/** Begins and ends a session. */
import { toast } from '@/components/ui/toast'
import { saveDrafts } from '@/desk/drafts'
import { api, unwrap } from '@/lib/api/client'
import { forgetKept } from '@/lib/kept-texts'
import { doubtPerson, setPerson } from '@/lib/person'
import { leaveDesk } from '@/realtime/live-store'
import { t } from './messages'

export function logIn(email: string, password: string) {
  doubtPerson()
  return unwrap(api.POST('/api/session', { body: { email, password } }))
}

/** What is begun stays on the server; nothing of it stays in this browser for whoever signs in next. */
export async function logOut() {
  try {
    await saveDrafts()
    await unwrap(api.DELETE('/api/session'))
  } catch (error) {
    toast.error(t.logOutFailed, {
      description: (error as Error).message,
      action: { label: t.retry, onClick: () => void logOut() },
    })
    return
  }
  leaveDesk()
  setPerson(undefined)
  forgetKept()
  location.assign('/log-in')
}
