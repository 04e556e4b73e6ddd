import type { Translation } from '@/lib/messages'
import type en from './en'

const de: Translation<typeof en> = {
  title: (id) => `Nachricht von #${id} abtrennen`,
  which: 'Welche Nachricht soll ein eigenes Ticket werden?',
  copy: 'Sie bleibt auch hier. Ihre Dateien kommen mit; anfragende Person, Team, Schlagwörter und Felder bleiben gleich. Es lässt sich einige Sekunden lang zurücknehmen.',
  subject: 'Betreff des neuen Tickets',
  message: (who, when) => `${who}, ${when}`,
  note: 'Interne Notiz',
  from: (id) => `kam mit #${id}`,
  somebody: 'Jemand',
  empty: 'Nur Dateien',
  earlier: 'Frühere Nachrichten anzeigen',
  loading: 'Nachrichten werden geladen',
  failed: 'Die Nachrichten konnten nicht geladen werden.',
  tryAgain: 'Erneut versuchen',
  cancel: 'Abbrechen',
  split: 'Abtrennen',
  noSubject: 'Schreiben Sie, worum es im neuen Ticket geht.',
}
export default de
