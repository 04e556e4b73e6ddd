import type { Translation } from '@/lib/messages'
import type en from './en'

const de: Translation<typeof en> = {
  ended: 'Ihre Sitzung ist abgelaufen. Was Sie geschrieben haben, ist aufbewahrt: Melden Sie sich an, um fortzufahren.',
  title: 'Am Helpdesk anmelden',
  email: 'E-Mail',
  password: 'Passwort',
  logIn: 'Anmelden',
  logOutFailed: 'Sie sind noch angemeldet',
  retry: 'Erneut versuchen',
}
export default de
