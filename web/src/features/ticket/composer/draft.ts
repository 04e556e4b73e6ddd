/** Replies and notes that are not sent yet, kept in this browser per ticket and kind. */
const key = (ticket: number, kind: string) => `draft:${ticket}:${kind}`

export const draft = {
  read: (ticket: number, kind: string) => localStorage.getItem(key(ticket, kind)) ?? '',
  write: (ticket: number, kind: string, html: string) =>
    html ? localStorage.setItem(key(ticket, kind), html) : localStorage.removeItem(key(ticket, kind)),
  clear: (ticket: number, kind: string) => localStorage.removeItem(key(ticket, kind)),
}
