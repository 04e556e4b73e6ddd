/** What every part of a ticket on screen shares: the ticket, how to change it, and what is open. */
import { createContext, useContext } from 'react'
import type { TicketChange } from '@/desk/ticket-changes'
import type { Ticket } from '@/desk/tickets'

/** The lists that keys open as well. */
export type OpenMenu =
  | 'status'
  | 'priority'
  | 'assignee'
  | 'team'
  | 'type'
  | 'tags'
  | 'skills'
  | 'language'
  | 'form'
  | 'followers'
  | 'requester'
  | 'organization'
  | 'cc'
  | 'subject'
  | null

/** A value that the API did not take. */
export interface Refusal {
  message: string
  /** As it was sent; undefined when it was not part of the change. */
  value: unknown
  /** Nothing is wrong with the value, the server failed: sends it again. */
  again?: () => void
}

/** The card that says why routing chose this person. */
export interface Why {
  open: boolean
  /** How often somebody came to it from elsewhere. */
  asked: number
  toggle: (open: boolean) => void
  show: () => void
}

export interface OpenTicket {
  ticket: Ticket
  /** Sends a change, shown at once; answers whether it was saved. `seen`: the ticket as it was when its field was entered. */
  apply: (change: TicketChange, seen?: Ticket) => Promise<boolean>
  /** By path: `subject`, `custom.seats`. */
  refusals: Readonly<Record<string, Refusal>>
  dismiss: (path: string) => void
  menu: OpenMenu
  setMenu: (menu: OpenMenu) => void
  why: Why
  /** Opens the dialog that links it with another ticket. */
  link: () => void
}

export const TicketContext = createContext<OpenTicket | null>(null)

export function useOpenTicket(): OpenTicket {
  const open = useContext(TicketContext)
  if (!open) throw new Error('There is no ticket around this')
  return open
}

/** The state of one list for the picker that shows it. */
export function useOpenMenu(name: Exclude<OpenMenu, null>) {
  const { menu, setMenu } = useOpenTicket()
  return { open: menu === name, onOpenChange: (open: boolean) => setMenu(open ? name : null) }
}
