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
    alike: 'Ähnlich geschrieben',
  },
  open: (id) => `Ticket #${id} öffnen`,
  everything: (question) => `Überall nach „${question}“ suchen`,
  kinds: 'Suchen nach',
  narrow: 'einschränken',
  only: {
    tickets: (question) => `In Tickets nach „${question}“ suchen`,
    people: (question) => `Bei Personen nach „${question}“ suchen`,
    organizations: (question) => `Bei Organisationen nach „${question}“ suchen`,
  },
  type: 'Geben Sie einen Namen, ein Wort oder eine Nummer ein',
  searching: 'Suche läuft …',
  nothing: 'Nichts gefunden',
  count: (count) => `${number(count)} ${plural(count, 'Ergebnis', 'Ergebnisse')}`,
  move: 'bewegen',
  run: 'ausführen',
  complete: 'vervollständigen',
}
export default de
