/** The colours of tickets in a merge: the one that stays is teal, each other has its own. */
const OTHERS = ['var(--violet)', 'var(--amber)', 'var(--blue)', 'var(--green)', 'var(--slate)']

export const laneOf = (ticket: number, into: number, tickets: number[]) =>
  ticket === into ? 'var(--accent)' : (OTHERS[Math.max(0, tickets.indexOf(ticket)) % OTHERS.length] ?? 'var(--slate)')
