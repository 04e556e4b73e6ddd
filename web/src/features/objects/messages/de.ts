import type { Translation } from '@/lib/messages'
import type en from './en'

const de: Translation<typeof en> = {
  find: (plural) => `${plural} nach Namen suchen …`,
  add: (name) => `Neu: ${name}`,
  name: 'Name',
  key: 'Externe ID',
  since: 'Seit',
  none: (plural) => `Keine ${plural} mit diesem Namen`,
  noneText: 'Gefunden wird, was so beginnt.',
  unknown: 'Diese Art von Objekt gibt es nicht',
  unknownText: 'Vielleicht wurde sie entfernt; die Leiste links zeigt alle, die es gibt.',
  fields: 'Felder',
  noFields: 'Diese Art hat keine Felder.',
  tickets: 'Tickets',
  noTickets: 'Keine Tickets',
  noTicketsText: 'Kein Ticket, das Sie sehen, nennt es.',
  changed: (name) => `${name} geändert`,
  details: 'Einzelheiten',
  adminsOnly: 'Nur Administratoren ändern diese Objekte.',
  yes: 'Ja',
  no: 'Nein',
  choose: 'Wählen …',
}
export default de
