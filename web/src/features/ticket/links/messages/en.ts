import { plural } from '@/lib/messages'

export default {
  title: 'Linked tickets',
  add: 'Link',
  addLabel: 'Link with another ticket',
  none: 'Not linked with any ticket.',
  failed: 'The links could not be loaded.',
  tryAgain: 'Try again',
  hidden: 'A ticket you cannot see',
  unlink: 'Unlink',
  unlinkLabel: (id: number) => `Unlink #${id}`,
  incidentOfProblem: 'Incident of a problem',
  incidents: (count: number, open: number) =>
    `${count} ${plural(count, 'incident', 'incidents')}${open < count ? `, ${open} still open` : ''}`,
  solvedWith: (open: number) =>
    open === 1
      ? 'Solving this ticket solves it too, and notifies its customer.'
      : 'Solving this ticket solves these too, and notifies their customers.',
  others: (count: number) => `${count} ${plural(count, 'incident', 'incidents')}`,
  more: (count: number) => `${count} more`,
  relations: {
    incident_of: 'Incident of',
    problem_of: 'Its incidents',
    child_of: 'Part of',
    parent_of: 'Its parts',
    related: 'Related',
    merged_into: 'Merged into',
    merged_from: 'Merged into this one',
    split_from: 'Split off',
    split_into: 'Split off this one',
    follow_up_of: 'Follows up',
    followed_up_by: 'Followed up by',
  },
  dialog: {
    title: (id: number) => `Link #${id} with another ticket`,
    relation: 'Relation',
    relations: {
      related: 'Related to',
      incident_of: 'An incident of the problem',
      problem_of: 'The problem behind',
      child_of: 'A part of',
      parent_of: 'The parent of',
    },
    find: 'Find by words, #number or person…',
    alike: 'Most similar first',
    found: 'Found',
    noneFound: (words: string) => `Nothing found for “${words}”.`,
    none: 'No similar tickets found. Search by words or number.',
    cancel: 'Cancel',
    link: 'Link',
    linkWith: (id: number) => `Link with #${id}`,
    solves: 'When the problem is solved, its incidents are solved and their customers are notified.',
  },
}
