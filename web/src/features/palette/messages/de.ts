import { number, plural, type Translation } from '@/lib/messages'
import type en from './en'

const de: Translation<typeof en> = {
  title: 'Suchen oder springen zu',
  field: 'Tickets und Befehle suchen',
  placeholder: 'Tickets, Kunden, Befehle suchen …',
  results: 'Ergebnisse',
  groups: {
    Actions: 'Aktionen',
    Send: 'Senden',
    'Go to': 'Gehen zu',
    Teams: 'Teams',
    tickets: 'Tickets',
    people: 'Personen',
    organizations: 'Organisationen',
    search: 'Suche',
  },
  open: (id) => `Ticket #${id} öffnen`,
  everything: (question) => `Überall nach „${question}“ suchen`,
  searching: 'Suche läuft …',
  nothing: 'Nichts gefunden',
  count: (count) => `${number(count)} ${plural(count, 'Ergebnis', 'Ergebnisse')}`,
  move: 'bewegen',
  run: 'ausführen',
  complete: 'vervollständigen',
}
export default de
