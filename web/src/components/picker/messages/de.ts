import type { Translation } from '@/lib/messages'
import type en from './en'

const de: Translation<typeof en> = {
  find: (what) => `${what}: suchen …`,
  none: 'Nichts gefunden',
  loading: 'Suche läuft …',
  failed: 'Diese Liste konnte nicht gelesen werden.',
  retry: 'Erneut versuchen',
  create: (name) => `„${name}“ anlegen`,
  more: 'Tippen Sie, um mehr zu finden',
}
export default de
