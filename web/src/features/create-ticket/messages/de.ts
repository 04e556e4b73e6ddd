import type { Translation } from '@/lib/messages'
import type en from './en'

const de: Translation<typeof en> = {
  title: 'Neues Ticket',
  email: 'E-Mail des Kunden',
  name: 'Name des Kunden',
  subject: 'Betreff',
  description: 'Worum geht es?',
  details: 'Details',
  cancel: 'Abbrechen',
  create: 'Ticket anlegen',
  act: (subject) => `Ticket „${subject}“ anlegen`,
  created: (id) => `#${id} angelegt`,
  open: 'Öffnen',
  waits: 'Es wird gesendet, sobald eine Verbindung besteht; Sie können dieses Fenster schließen.',
  startOver: 'Neu beginnen',
}
export default de
