import { number, plural, type Translation } from '@/lib/messages'
import type en from './en'

const de: Translation<typeof en> = {
  find: (plural) => `${plural} nach Namen suchen …`,
  add: (name) => `Neu: ${name}`,
  name: 'Name',
  key: 'Externe ID',
  since: 'Seit',
  empty: (plural) => `Noch keine ${plural}`,
  none: (plural) => `Keine ${plural} mit diesem Namen`,
  noneText: 'Gefunden wird, was so beginnt.',
  unknown: 'Diese Art von Objekt gibt es nicht',
  unknownText: 'Vielleicht wurde sie entfernt.',
  noSuchRecord: 'Dieses Objekt gibt es nicht',
  noSuchRecordText: 'Vielleicht wurde es gelöscht, oder Sie haben keinen Zugriff darauf.',
  toRecords: 'Zur Liste',
  toPeople: 'Zu allen Personen',
  fields: 'Felder',
  noFields: 'Diese Art hat keine Felder.',
  tickets: 'Tickets',
  noTickets: 'Keine Tickets',
  noTicketsText: 'Kein Ticket, das Sie sehen, nennt es.',
  details: 'Einzelheiten',
  adminsOnly: 'Nur Administratoren ändern diese Objekte.',
  remove: 'Löschen …',
  removed: (name) => `${name} gelöscht`,
  loses: {
    fields: 'Alle seine Felder gehen verloren.',
    tickets: (count, more) =>
      count
        ? `${more ? 'Mehr als ' : ''}${number(count)} ${plural(count, 'Ticket nennt', 'Tickets nennen')} es. Das Feld ist dort danach leer.`
        : 'Kein Ticket, das Sie sehen, nennt es. In allen anderen wird das Feld geleert.',
    records: 'Objekte, die es nennen, verlieren diesen Verweis.',
  },
}
export default de
