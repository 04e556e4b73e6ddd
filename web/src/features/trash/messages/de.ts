import type { Translation } from '@/lib/messages'
import type en from './en'

const de: Translation<typeof en> = {
  title: 'Papierkorb',
  about: 'Tickets bleiben hier 30 Tage, danach werden sie endgültig gelöscht.',
  empty: 'Der Papierkorb ist leer.',
  deleted: (when, who) => `gelöscht ${when} durch ${who}`,
  desk: 'den Helpdesk',
  gone: (when) => `wird endgültig gelöscht am ${when}`,
  restore: 'Wiederherstellen',
  restoreLabel: (id) => `#${id} wiederherstellen`,
  more: 'Mehr anzeigen',
  toInbox: 'Zum Posteingang',
  refused: 'Den Papierkorb sehen nur Administratoren.',
}
export default de
