import { plural, type Translation } from '@/lib/messages'
import type en from './en'

const de: Translation<typeof en> = {
  label: 'Verbindung',
  offline: 'Sie sind offline.',
  away: 'Der Server ist nicht erreichbar.',
  kept: 'Sie sehen den zuletzt gelesenen Stand. Was Sie schreiben, bleibt erhalten; Änderungen werden gesendet, sobald die Verbindung wieder steht.',
  waiting: (count) =>
    `${count} ${plural(count, 'Änderung wartet und wird', 'Änderungen warten und werden in dieser Reihenfolge')} gesendet, sobald die Verbindung wieder steht.`,
  retry: 'Jetzt erneut versuchen',
  list: 'Wartende Änderungen',
  copy: (act) => `Text kopieren: ${act}`,
  copyText: 'Text kopieren',
  copied: 'Der Text wurde kopiert.',
  notCopied: 'Der Text konnte nicht kopiert werden',
  discard: (act) => `Verwerfen: ${act}`,
  discardIt: 'Verwerfen',
}
export default de
