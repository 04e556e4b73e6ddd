import type { Translation } from '@/lib/messages'
import type en from './en'

const de: Translation<typeof en> = {
  title: 'Neues Ticket',
  act: (subject) => `Ticket „${subject}“ anlegen`,
  created: (id) => `#${id} angelegt`,
  open: 'Öffnen',
  waits: 'Es wird gesendet, sobald eine Verbindung besteht; Sie können dieses Fenster schließen.',
  startOver: 'Neu beginnen',
  email: 'E-Mail der Kundin oder des Kunden',
  name: 'Name der Kundin oder des Kunden',
  findCustomer: 'Name oder E-Mail',
  subject: 'Betreff',
  description: 'Worum geht es?',
  details: 'Angaben',
  form: 'Formular',
  noForm: 'Ohne Formular',
  required: 'erforderlich',
  team: 'Team',
  assignee: 'Zuständig',
  priority: 'Priorität',
  tags: 'Schlagwörter',
  tagsHint: 'Durch Kommas getrennt',
  byRouting: 'Durch die Zuteilung',
  byDesk: 'Standard',
  attach: 'Dateien anhängen',
  files: 'Angehängte Dateien',
  sending: 'Wird hochgeladen …',
  removeFile: (name) => `${name} entfernen`,
  cancel: 'Abbrechen',
  create: 'Ticket anlegen',
}
export default de
