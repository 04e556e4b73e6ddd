import type { Translation } from '@/lib/messages'
import type en from './en'

const de: Translation<typeof en> = {
  none: '–',
  yes: 'Ja',
  no: 'Nein',
  empty: 'Nichts',
  choose: (label) => `Auswählen: ${label}`,
  hidden: 'Etwas, das Sie nicht sehen können',
  open: (name) => `${name} öffnen`,
  again: 'Erneut versuchen',
  problem: (label, message) => `${label}: ${message}`,
  discard: 'Eingabe verwerfen',
  loading: 'Wird geladen …',
}
export default de
