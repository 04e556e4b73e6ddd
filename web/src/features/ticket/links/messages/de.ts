import { plural, type Translation } from '@/lib/messages'
import type en from './en'

const de: Translation<typeof en> = {
  title: 'Verknüpfte Tickets',
  add: 'Verknüpfen',
  addLabel: 'Mit anderem Ticket verknüpfen',
  none: 'Mit keinem Ticket verknüpft.',
  failed: 'Die Verknüpfungen konnten nicht geladen werden.',
  tryAgain: 'Erneut versuchen',
  hidden: 'Ein Ticket, das Sie nicht sehen dürfen',
  unlink: 'Aufheben',
  unlinkLabel: (id) => `Verknüpfung mit #${id} aufheben`,
  incidentOfProblem: 'Störung eines Problems',
  incidents: (count, open) =>
    `${count} ${plural(count, 'Störung', 'Störungen')}${open < count ? `, ${open} noch offen` : ''}`,
  solvedWith: (open) =>
    open === 1
      ? 'Wird dieses Ticket gelöst, wird auch sie gelöst, und die Betroffenen erfahren davon.'
      : 'Wird dieses Ticket gelöst, werden auch sie gelöst, und die Betroffenen erfahren davon.',
  others: (count) => `${count} ${plural(count, 'Störung', 'Störungen')}`,
  more: (count) => `${count} weitere`,
  relations: {
    incident_of: 'Störung von',
    problem_of: 'Störungen dazu',
    child_of: 'Teil von',
    parent_of: 'Teile davon',
    related: 'Verwandt',
    merged_into: 'Zusammengeführt mit',
    merged_from: 'Hierher zusammengeführt',
    split_from: 'Abgetrennt von',
    split_into: 'Von hier abgetrennt',
    follow_up_of: 'Folgt auf',
    followed_up_by: 'Folgetickets',
  },
  dialog: {
    title: (id) => `#${id} mit anderem Ticket verknüpfen`,
    relation: 'Wie sie zusammengehören',
    relations: {
      related: 'Verwandt mit',
      incident_of: 'Störung des Problems',
      problem_of: 'Problem hinter',
      child_of: 'Teil von',
      parent_of: 'Übergeordnet zu',
    },
    find: 'Nach Wörtern, #Nummer oder Person suchen …',
    alike: 'Die ähnlichsten zuerst',
    found: 'Gefunden',
    noneFound: (words) => `Nichts gefunden zu „${words}“.`,
    none: 'Kein anderes Ticket ist ähnlich. Suchen Sie eines nach Wörtern oder Nummer.',
    cancel: 'Abbrechen',
    link: 'Verknüpfen',
    linkWith: (id) => `Mit #${id} verknüpfen`,
    solves: 'Wird das Problem gelöst, werden auch seine Störungen gelöst, und die Betroffenen erfahren davon.',
  },
}
export default de
