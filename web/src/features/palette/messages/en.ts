import { number, plural } from '@/lib/messages'

export default {
  title: 'Search or jump to',
  field: 'Search tickets and commands',
  placeholder: 'Search tickets, customers, commands…',
  results: 'Results',
  groups: {
    Actions: 'Actions',
    Send: 'Send',
    'Go to': 'Go to',
    Teams: 'Teams',
    tickets: 'Tickets',
    people: 'People',
    organizations: 'Organizations',
    search: 'Search',
  },
  open: (id: string) => `Open ticket #${id}`,
  everything: (question: string) => `Search everything for “${question}”`,
  kinds: 'Look for',
  narrow: 'narrow',
  only: {
    tickets: (question: string) => `Search tickets for “${question}”`,
    people: (question: string) => `Search people for “${question}”`,
    organizations: (question: string) => `Search organizations for “${question}”`,
  },
  type: 'Type a name, a word or a number',
  searching: 'Searching…',
  nothing: 'Nothing found',
  count: (count: number) => `${number(count)} ${plural(count, 'result', 'results')}`,
  move: 'move',
  run: 'run',
  complete: 'complete',
}
