import type { Translation } from '@/lib/messages'
import type en from './en'

const de: Translation<typeof en> = {
  bold: 'Fett',
  italic: 'Kursiv',
  link: 'Link',
  linkHint: 'Link (Strg Umschalt K)',
  bulletList: 'Aufzählung',
  numberedList: 'Nummerierte Liste',
  quote: 'Zitat',
  code: 'Code',
  showFormat: 'Text formatieren',
  linkAddress: 'Adresse des Links',
  setLink: 'Link setzen',
  removeLink: 'Link entfernen',
  cancel: 'Abbrechen',
  format: 'Formatierung',
  write: 'Schreiben',
}
export default de
