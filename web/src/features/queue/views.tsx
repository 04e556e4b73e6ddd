/** The views that every desk has, with their keys and titles. */
import { CircleUser, Hourglass, Inbox, Pause, Star, UserX } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Filters } from './filters'

interface View {
  /** As the counts name it. */
  key: string
  label: string
  icon: ReactNode
  filters: Filters
  keys: string
}

export const VIEWS: View[] = [
  { key: 'mine', label: 'Assigned to me', icon: <CircleUser size={16} />, filters: { assignee: 'me' }, keys: 'g m' },
  { key: 'active', label: 'All active', icon: <Inbox size={16} />, filters: {}, keys: 'g a' },
  { key: 'unassigned', label: 'Unassigned', icon: <UserX size={16} />, filters: { assignee: 'none' }, keys: 'g u' },
  {
    key: 'waiting',
    label: 'Waiting on customer',
    icon: <Hourglass size={16} />,
    filters: { category: 'pending' },
    keys: 'g w',
  },
  { key: 'on_hold', label: 'On hold', icon: <Pause size={16} />, filters: { category: 'on_hold' }, keys: 'g h' },
  { key: 'all', label: 'Everything', icon: <Star size={16} />, filters: { category: 'all' }, keys: 'g e' },
]

export const titleOf = (filters: Filters, team?: string) =>
  filters.team
    ? (team ?? 'Team')
    : (VIEWS.find(
        ({ filters: { assignee, category } }) =>
          (assignee && assignee === filters.assignee) || (category && category === filters.category),
      )?.label ?? 'All active')
