/** The dialog of a new ticket, for those outside of it: opened with a customer filled in, and what is kept of it. */
import { keep } from '@/lib/kept-texts'
import { runCommand } from './commands'

/** Under which names its texts, its form, its fields, its files, whom it is for and its tags are kept. */
export const NEW_TICKET = {
  texts: 'new-ticket',
  form: 'new-ticket-form',
  fields: 'new-ticket-fields',
  files: 'new-ticket-files',
  requester: 'new-ticket-requester',
  tags: 'new-ticket-tags',
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
