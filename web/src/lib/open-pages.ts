/**
 * Which pages of the desk are open in this browser. Each holds a lock under its own name for as long as it lives, so that
 * what a closed one has left behind is taken over by another, and what an open one holds is left to it.
 */
const nameOf = (page: string) => `page:${page}`

export const randomKey = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16)).join('')

/** The name of this page. */
export const thisPage = randomKey()

const locks = globalThis.navigator?.locks

let held = false

/** From now on others know that this page is open. */
export function holdPage() {
  if (!held) void locks?.request(nameOf(thisPage), () => new Promise(() => {}))
  held = true
}

/** The names of the pages that are open. */
export async function openPages(): Promise<Set<string>> {
  const { held: now = [] } = (await locks?.query()) ?? {}
  return new Set(now.flatMap(({ name }) => (name?.startsWith('page:') ? name.slice('page:'.length) : [])))
}

/** Calls back once a page is closed: at once where it is already. */
export const whenClosed = (page: string, then: () => void) => void (locks ? locks.request(nameOf(page), then) : then())
