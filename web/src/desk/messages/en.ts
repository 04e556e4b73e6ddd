import { number, plural } from '@/lib/messages'

/** As many as one reads in passing. */
const named = (ids: number[]) =>
  `${ids
    .slice(0, 5)
    .map((id) => `#${id}`)
    .join(', ')}${ids.length > 5 ? '…' : ''}`

const incidents = (ids: number[]) =>
  ids.length === 1
    ? `incident ${named(ids)}`
    : ids.length > 3
      ? `${number(ids.length)} incidents`
      : `incidents ${named(ids)}`

export default {
  retry: 'Try again',
  restFailed: 'The next tickets of this list could not be loaded',
  /** What an act was made on. */
  ticket: (id: number) => `#${id}`,
  tickets: (count: number) => `${count} ${plural(count, 'ticket', 'tickets')}`,
  /** What came into a conversation that is open. */
  answered: (name: string) => `${name} answered`,
  wroteNote: (name: string) => `${name} wrote a note`,
  breach: {
    left: (span: string) => `${span} left`,
    late: (span: string) => `${span} late`,
    at: (at: string) => `The next target runs out: ${at}`,
  },
  changed: {
    solved: (what: string) => `Solved ${what}`,
    reopened: (what: string) => `Reopened ${what}`,
    status: (what: string, status: string) => `Set ${what} to ${status}`,
    assigned: (what: string, name: string) => `Assigned ${what} to ${name}`,
    unassigned: (what: string) => `Unassigned ${what}`,
    team: (what: string, team: string) => `Moved ${what} to ${team}`,
    noTeam: (what: string) => `Removed the team from ${what}`,
    priority: (what: string, priority: string) => `Set the priority of ${what} to ${priority}`,
    type: (what: string, type: string) => `Set the type of ${what} to ${type}`,
    subject: (what: string) => `Changed the subject of ${what}`,
    tags: (what: string) => `Changed the tags of ${what}`,
    takenOver: (what: string, name: string, from: string) => `${what} is with ${name} now, no longer with ${from}`,
    form: (what: string) => `Changed the form of ${what}`,
    language: (what: string) => `Changed the language of ${what}`,
    skills: (what: string) => `Changed the skills of ${what}`,
    requester: (what: string) => `Changed the requester of ${what}`,
    organization: (what: string) => `Changed the organization of ${what}`,
    custom: (what: string) => `Changed the details of ${what}`,
    other: (what: string) => `Changed ${what}`,
  },
  undo: {
    undo: 'Undo',
    undone: (act: string) => `Undone: ${act}`,
    failed: (act: string) => `Not undone: ${act}`,
    nothing: 'There is nothing to undo.',
    changedMeanwhile: 'Someone has changed it since; their change was kept.',
    some: (failed: number, all: number) => `${failed} of ${all} could not be restored.`,
    valuesKept: (fields: string, count: number) =>
      `${fields} ${plural(count, 'is required and keeps its value', 'are required and keep their values')}.`,
    command: 'Undo the last act',
  },
  /** What can be taken back before it is sent. */
  held: {
    in: (seconds: number) => `in ${number(seconds)} s`,
    soon: 'in a moment',
    takenBack: (act: string) => `Taken back: ${act}`,
    onItsWay: 'It is already being sent',
  },
  message: {
    reply: (what: string) => `Send the reply on ${what}`,
    note: (what: string) => `Add the note on ${what}`,
    replyLeft: (what: string) => `Your reply on ${what} was not sent`,
    noteLeft: (what: string) => `Your note on ${what} was not added`,
  },
  refused: {
    one: (what: string) => `${what} was not changed`,
    some: (failed: number, all: number) => `${failed} of ${all} tickets were not changed`,
    meanwhile: 'someone changed it in the meantime',
    byWhom: (names: string) => `${names} changed it in the meantime`,
    act: (act: string) => `Not done: ${act}`,
  },
  /** Customers, organizations, notes, views, oneself. */
  records: {
    made: (name: string) => `Added ${name}`,
    somebody: 'Someone else',
    conflict: 'Changed by two people',
    clash: (who: string, what: string) => `${who} changed ${what} in the meantime. Which value stays?`,
    theirs: (value: string) => `Theirs: ${value}`,
    mine: (value: string) => `Yours: ${value}`,
    theirsOf: (field: string, value: string) => `${field}: keep theirs, ${value}`,
    mineOf: (field: string, value: string) => `${field}: keep yours, ${value}`,
    save: 'Save this choice',
    nothing: 'nothing',
    yes: 'yes',
    no: 'no',
    note: (about: string) => `the note about ${about}`,
    you: 'your profile',
    states: { online: 'Online', away: 'Away', busy: 'Busy', offline: 'Offline' },
    scopes: { private: 'Only you', team: 'A team', everyone: 'Everyone' },
    columns: {
      name: 'Name',
      email: 'E-mail',
      phone: 'Telephone',
      locale: 'Language',
      time_zone: 'Time zone',
      organization_id: 'Organization',
      domains: 'Domains',
      notes: 'About',
      body_text: 'Text',
      pinned: 'Pin',
      description: 'Description',
      visibility: 'Who sees it',
      team_id: 'Team',
      conditions: 'Filters',
      columns: 'Columns',
      sort: 'Sorting',
      group_by: 'Grouping',
      position: 'Place',
      availability: 'Availability',
      availability_reason: 'Reason',
      signature: 'Signature',
    },
  },
  notes: {
    added: 'Note added',
    changed: 'Note changed',
    pinned: 'Note pinned',
    unpinned: 'Note unpinned',
    removed: 'Note removed',
  },
  followers: {
    added: (name: string, ticket: string) => `${name} follows ${ticket}`,
    removed: (name: string, ticket: string) => `${name} no longer follows ${ticket}`,
    copied: (name: string, ticket: string) => `${name} is in copy of ${ticket}`,
    notCopied: (name: string, ticket: string) => `${name} is no longer in copy of ${ticket}`,
  },
  marks: {
    unread: (ticket: string) => `Marked ${ticket} as unread`,
  },
  news: {
    readAll: 'Marked all notifications as read',
  },
  /** Of problems that were solved. */
  incidents: {
    solved: (act: string, ids: number[], problems: number) =>
      `${act} and ${problems === 1 ? 'its' : 'their'} ${incidents(ids)}`,
    left: (ids: number[]) =>
      ids.length === 1
        ? `The ${incidents(ids)} could not be solved; its timeline says why.`
        : `${number(ids.length)} incidents could not be solved: ${named(ids)}. Their timelines say why.`,
    stay: (ids: number[]) => `The ${incidents(ids)} ${ids.length === 1 ? 'stays' : 'stay'} solved.`,
  },
  solving: {
    title: 'Before this ticket is solved',
    about: (count: number) =>
      `${count === 1 ? 'One field is' : `${number(count)} fields are`} required when a ticket is solved.`,
    solve: 'Save and solve',
    cancel: 'Not yet',
  },
  /** As every desk begins; a desk may call them otherwise. */
  statuses: {
    new: 'New',
    open: 'Open',
    pending: 'Pending',
    on_hold: 'On hold',
    solved: 'Solved',
    closed: 'Closed',
  },
  priorities: { low: 'Low', normal: 'Normal', high: 'High', urgent: 'Urgent' },
  types: { question: 'Question', incident: 'Incident', problem: 'Problem', task: 'Task' },
  /** Columns of a ticket, as the API's problems name them. */
  columns: {
    subject: 'Subject',
    status: 'Status',
    priority: 'Priority',
    type: 'Type',
    assignee_id: 'Assignee',
    team_id: 'Team',
    requester_id: 'Requester',
    organization_id: 'Organization',
    tags: 'Tags',
    language: 'Language',
    form_id: 'Form',
    required_skills: 'Required skills',
    // What was written says itself which it is.
    body_text: '',
    body_html: '',
  },
  /** In place of the name of a field that not all readers of a ticket see. */
  hiddenField: 'A field that you do not see',
  rows: { next: 'Next row', previous: 'Previous row', more: 'Show more', loading: 'Loading more…' },
  pageFailed: 'Something went wrong',
  openPane: 'Opens the list of views',
  back: 'Back',
  today: 'Today',
  yesterday: 'Yesterday',
  ago: {
    now: 'now',
    minutes: (count: number) => `${count}m`,
    hours: (count: number) => `${count}h`,
    days: (count: number) => `${count}d`,
  },
  deleting: {
    title: (name: string) => `Delete ${name}?`,
    forGood: 'This cannot be undone.',
    now: 'Delete permanently',
  },
  form: { cancel: 'Cancel', create: 'Create', startOver: 'Start over' },
  acts: {
    merge: (count: number, into: number) => `Merge ${count} ${plural(count, 'ticket', 'tickets')} into #${into}`,
    notMerged: (into: number) => `Not merged into #${into}`,
    merged: (count: number, into: number) => `Merged ${count} ${plural(count, 'ticket', 'tickets')} into #${into}`,
    mergeCustomers: (from: string, into: string) => `Merge ${from} into ${into}`,
    mergedCustomers: (from: string, into: string) => `Merged ${from} into ${into}`,
    notMergedCustomers: (from: string, into: string) => `${from} was not merged into ${into}`,
    splitting: (from: number) => `Split a message off #${from}`,
    notSplit: (from: number) => `Nothing was split off #${from}`,
    split: (made: number, from: number) => `Split #${made} off #${from}`,
    followedUp: (made: number, id: number) => `Opened #${made} as a follow-up of #${id}`,
    notFollowedUp: 'No follow-up was opened',
    linked: (one: number, other: number) => `Linked #${one} with #${other}`,
    unlinked: (one: number, other: number) => `Unlinked #${one} and #${other}`,
    notUnlinked: 'The link was not removed',
    trashed: (id: number) => `Moved #${id} to the trash`,
    notTrashed: 'The ticket was not moved to the trash',
    restored: (id: number) => `Restored #${id} from the trash`,
    notRestored: 'The ticket was not restored',
    sentLater: (act: string) => `Sent now: ${act}`,
    notSentLater: (act: string) => `Could not be sent: ${act}`,
    open: 'Open',
    notStarted: 'The change was not started',
  },
}
