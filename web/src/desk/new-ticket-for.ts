/** The dialog of a new ticket, for those outside of it: opened with a customer filled in, and what is kept of it. */
import { keep } from '@/lib/kept-texts'
import { runCommand } from './commands'

/** Under which names its texts, its form, its fields and its files are kept. */
export const NEW_TICKET = {
  texts: 'new-ticket',
  form: 'new-ticket-form',
  fields: 'new-ticket-fields',
  files: 'new-ticket-files',
}

/** It has been made. */
export function forgetNewTicket() {
  for (const name of Object.values(NEW_TICKET)) keep(name, undefined)
}

export interface Requester {
  name: string
  email: string
}

let next: Requester | undefined

export function newTicketFor(requester: Requester) {
  next = requester
  runCommand('new-ticket')
}

/** Once, by the dialog as it opens. */
export function takeRequester() {
  const requester = next
  next = undefined
  return requester
}
