import type { Translation } from '@/lib/messages'
import type en from './en'

const de: Translation<typeof en> = {
  close: 'Schließen',
  unassigned: 'Nicht zugewiesen',
  tryAgain: 'Erneut versuchen',
  urgent: 'Dringend',
  edit: (label, value) => (value ? `${label}: ${value}, bearbeiten` : `${label}, bearbeiten`),
  date: 'Datum',
  time: 'Uhrzeit',
}
export default de
