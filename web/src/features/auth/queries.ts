/** Begins and ends a session. */
import { api, unwrap } from '@/lib/api/client'

export const logIn = (email: string, password: string) =>
  unwrap(api.POST('/api/session', { body: { email, password } }))

export const logOut = () => api.DELETE('/api/session').then(() => location.assign('/log-in'))
