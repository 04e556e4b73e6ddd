/** The agent's position in each queue, kept while they read a ticket, so that they come back to it. */
import type { Filters } from './filters'

interface QueuePosition {
  /** The ticket under the cursor, and the index of its row in case the ticket has left the queue. */
  ticket: number | undefined
  index: number
  scrollTop: number
}

const positions = new Map<string, QueuePosition>()
let last: Filters = {}

export const positionIn = (filters: Filters): QueuePosition =>
  positions.get(JSON.stringify(filters)) ?? { ticket: undefined, index: 0, scrollTop: 0 }

export function keepPosition(filters: Filters, position: QueuePosition) {
  positions.set(JSON.stringify(filters), position)
  last = filters
}

/** The filters of the queue that was left last. */
export const lastQueue = () => last
