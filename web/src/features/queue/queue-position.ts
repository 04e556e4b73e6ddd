import type { Filters } from './filters'

/** Where somebody stood in a queue: kept while they read a ticket, so that they come back to it. */
export interface Place {
  /** The ticket under the cursor, and its row in case the ticket has left. */
  ticket: number | undefined
  index: number
  top: number
}

const places = new Map<string, Place>()
let last: Filters = {}

export const placeIn = (filters: Filters): Place =>
  places.get(JSON.stringify(filters)) ?? { ticket: undefined, index: 0, top: 0 }

export function keepPlace(filters: Filters, place: Place) {
  places.set(JSON.stringify(filters), place)
  last = filters
}

/** The queue somebody came from. */
export const lastQueue = () => last
