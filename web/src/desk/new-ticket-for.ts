/** Opens the dialog of a new ticket with its customer filled in. */
import { runCommand } from './commands'

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
