import type { Translation } from '@/lib/messages'
import type en from './en'

const de: Translation<typeof en> = {
  close: 'Schließen',
  cancel: 'Abbrechen',
  unassigned: 'Nicht zugewiesen',
  tryAgain: 'Erneut versuchen',
  notLoaded: 'Das konnte nicht geladen werden',
  priorities: { low: 'Niedrig', normal: 'Normal', high: 'Hoch', urgent: 'Dringend' },
  keys: {
    Ctrl: 'Strg',
    Shift: 'Umschalt',
    Space: 'Leertaste',
    Home: 'Pos1',
    End: 'Ende',
    PageUp: 'Bild auf',
    PageDown: 'Bild ab',
    Escape: 'Esc',
    Esc: 'Esc',
  },
  edit: (label, value) => (value ? `${label}: ${value}, bearbeiten` : `${label}, bearbeiten`),
  calendar: {
    open: 'Kalender öffnen',
    of: (label) => `Kalender: ${label}`,
    previous: 'Voriger Monat',
    next: 'Nächster Monat',
    days: 'Tage des Monats',
    typed: (example) => `${example}, heute, morgen, +3 T`,
    inZone: (zone) => `Uhrzeit in ${zone}`,
  },
}
export default de
