import type { Translation } from '@/lib/messages'
import type en from './en'

const de: Translation<typeof en> = {
  openPane: 'Öffnet die Liste der Ansichten',
}
export default de
