import { number, plural, type Translation } from '@/lib/messages'
import type en from './en'

const de: Translation<typeof en> = {
  title: 'Benachrichtigungen',
  readAll: 'Alle gelesen',
  settings: 'Einstellungen für Benachrichtigungen',
  close: 'Benachrichtigungen schließen',
  tabs: { me: 'Für Sie', all: 'Alle', done: 'Erledigt' },
  unreadOnly: 'Nur ungelesene',
  first: 'Erwähnungen und Zuweisungen',
  happened: {
    mentioned: 'hat Sie erwähnt',
    requester_replied: 'hat geantwortet',
    assigned: 'hat Ihnen ein Ticket zugewiesen',
    followed: 'hat zu einem Ticket geschrieben, dem Sie folgen',
    team_unassigned: 'hat ein Ticket Ihres Teams ohne Bearbeiter gelassen',
  },
  byItself: {
    mentioned: 'Sie wurden erwähnt',
    requester_replied: 'Es gibt eine Antwort',
    assigned: 'Ihnen wurde ein Ticket zugeteilt',
    followed: 'Neues zu einem Ticket, dem Sie folgen',
    team_unassigned: 'Ein Ticket Ihres Teams hat keinen Bearbeiter',
  },
  gaveYou: (count) => `hat Ihnen ${number(count)} ${plural(count, 'Ticket', 'Tickets')} zugewiesen`,
  routed: (count) =>
    `Ihnen ${plural(count, 'wurde', 'wurden')} ${number(count)} ${plural(count, 'Ticket', 'Tickets')} zugeteilt`,
  waiting: (count) =>
    `${number(count)} ${plural(count, 'Ticket Ihres Teams hat', 'Tickets Ihres Teams haben')} keinen Bearbeiter`,
  more: (count) => `und ${number(count)} ${plural(count, 'weiteres', 'weitere')}`,
  times: (count) => `${number(count)}-mal`,
  unread: 'ungelesen',
  open: 'Öffnen',
  done: 'Erledigt',
  notDone: 'Nicht erledigt',
  markUnread: 'Als ungelesen markieren',
  loadMore: 'Ältere anzeigen',
  loading: 'Wird geladen …',
  doneOf: (count) => `${number(count)} ${plural(count, 'Benachrichtigung', 'Benachrichtigungen')} erledigt`,
  empty: {
    me: {
      title: 'Nichts wartet auf Sie',
      text: 'Hier erscheinen Erwähnungen, Tickets, die Ihnen zugewiesen werden, und Antworten darauf.',
    },
    all: { title: 'Nichts Neues', text: 'Hier erscheint auch, was Sie verfolgen und worauf Ihre Teams warten.' },
    done: { title: 'Noch nichts erledigt', text: 'Hier erscheint, was Sie mit E als erledigt markieren.' },
  },
  noUnread: 'Alles ist gelesen.',
  ask: {
    title: 'Auch in anderen Tabs davon erfahren?',
    text: 'Nur was „Für Sie“ ist, und nicht, solange Sie diesen Helpdesk vor sich haben',
    no: 'Nein',
    on: 'Einschalten',
    refused: 'Der Browser lässt es nicht zu. Sie können das in seinen Einstellungen für diese Seite ändern.',
  },
  keys: { move: 'bewegen', open: 'öffnen', done: 'erledigt', unread: 'ungelesen', close: 'schließen' },
  ways: {
    title: 'Worüber Sie benachrichtigt werden',
    hint: 'Was nicht ausgeschaltet ist, erscheint in der Anwendung. E-Mails gehen sofort hinaus; eine Zusammenfassung sammelt, was Sie bis dahin nicht gelesen haben.',
    when: 'Wann',
    in_app: 'In der App',
    email: 'E-Mail',
    digest: 'Gesammelt',
    off: 'Aus',
  },
  kinds: {
    mentioned: { label: 'Jemand erwähnt Sie', hint: 'Sie oder eines Ihrer Teams, in einer Nachricht' },
    requester_replied: { label: 'Ein Anfragender antwortet', hint: 'Auf ein Ticket, das Ihnen zugewiesen ist' },
    assigned: { label: 'Ein Ticket wird Ihnen zugewiesen', hint: 'Durch die Verteilung oder durch Kollegen' },
    followed: { label: 'Neues zu Tickets, denen Sie folgen', hint: 'Antworten und Notizen' },
    team_unassigned: {
      label: 'Ein Ticket Ihres Teams hat keinen Bearbeiter',
      hint: 'Es wartet darauf, dass es jemand übernimmt',
    },
  },
  digest: {
    title: 'Zusammenfassung',
    hint: 'Eine E-Mail mit allem, was noch ungelesen ist; keine, wenn es nichts gibt.',
    often: 'Wie oft die Zusammenfassung kommt',
    hourly: 'Jede Stunde',
    daily: 'Jeden Tag',
    at: 'um',
    when: 'Wann die tägliche Zusammenfassung kommt',
    zone: 'in Ihrer Zeitzone',
  },
  browser: {
    title: 'In diesem Browser',
    hint: 'Hinweise des Systems, während ein anderer Tab oder ein anderes Programm im Vordergrund ist.',
    on: 'Hinweise auf alles zeigen, was für Sie ist',
  },
}
export default de
