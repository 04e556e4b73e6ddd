/** A message on its way out of a ticket, as it is kept until the desk has answered. */
import { t } from './messages'
import type { Upload } from './uploads'

export type Kind = 'reply' | 'note'

export interface Outgoing {
  /** Its Idempotency-Key. */
  key: string
  /** Who wrote it. */
  person: number
  ticket: number
  requester: number
  kind: Kind
  html: string
  files: Upload[]
  status?: string
  /** The status, where its writer or a macro has chosen it. */
  picked?: string
  /** With its author's signature below. */
  signed?: boolean
  /** The version of its draft that the desk has; one that another device has written since is not sent with it. */
  draft?: number
  /** The last message that its writer had before them, and the version of the ticket. */
  seen: number
  version: number
  state: 'held' | 'sending' | 'failed'
  /** When it goes out, by the clock of this browser. */
  due: number
  /** The page that holds it. */
  page: string
  /** Its page was closed, and has sent it with its last breath. */
  atClosing?: boolean
  problem?: string
  /** Whose answer came first. */
  overtakenBy?: { id: number; name: string }
}

/** Somebody else has answered since the writer looked. */
export class Overtaken extends Error {
  readonly by: { id: number; name: string }
  constructor(by: { id: number; name: string }) {
    super(t.overtaken(by.name))
    this.by = by
  }
}
