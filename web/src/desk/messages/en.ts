import { plural } from '@/lib/messages'

export default {
  retry: 'Try again',
  /** What an act was made on. */
  ticket: (id: number) => `#${id}`,
  tickets: (count: number) => `${count} ${plural(count, 'ticket', 'tickets')}`,
  changed: {
    solved: (what: string) => `Solved ${what}`,
    reopened: (what: string) => `Reopened ${what}`,
    status: (what: string, status: string) => `Set ${what} to ${status}`,
    assigned: (what: string, name: string) => `Assigned ${what} to ${name}`,
    unassigned: (what: string) => `Took the assignee off ${what}`,
    team: (what: string, team: string) => `Moved ${what} to ${team}`,
    noTeam: (what: string) => `Took the team off ${what}`,
    priority: (what: string, priority: string) => `Set the priority of ${what} to ${priority}`,
    type: (what: string, type: string) => `Made ${what} a ${type}`,
    subject: (what: string) => `Changed the subject of ${what}`,
    tags: (what: string) => `Changed the tags of ${what}`,
    takenOver: (what: string, name: string, from: string) => `${what} is with ${name} now, no longer with ${from}`,
    form: (what: string) => `Changed the form of ${what}`,
    language: (what: string) => `Changed the language of ${what}`,
    skills: (what: string) => `Changed the skills that ${what} needs`,
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
    changedMeanwhile: 'Somebody has changed it since; what they did stays.',
    some: (failed: number, all: number) => `${failed} of ${all} could not be put back.`,
    command: 'Undo the last act',
  },
  message: {
    reply: (what: string) => `Send the reply on ${what}`,
    note: (what: string) => `Add the note on ${what}`,
  },
  draft: {
    elsewhere: 'This draft was also changed on another device. What you write here is kept.',
    take: 'Use that text',
  },
  refused: {
    one: (what: string) => `${what} was not changed`,
    some: (failed: number, all: number) => `${failed} of ${all} tickets were not changed`,
    meanwhile: 'somebody changed it meanwhile',
    byWhom: (names: string) => `${names} changed it meanwhile`,
  },
  openPane: 'Opens the list of views',
}
