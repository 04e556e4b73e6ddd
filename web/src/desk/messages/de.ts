import { plural, type Translation } from '@/lib/messages'
import type en from './en'

const de: Translation<typeof en> = {
  retry: 'Erneut versuchen',
  ticket: (id) => `#${id}`,
  tickets: (count) => `${count} ${plural(count, 'Ticket', 'Tickets')}`,
  changed: {
    solved: (what) => `${what} gelöst`,
    reopened: (what) => `${what} wieder geöffnet`,
    status: (what, status) => `${what} auf ${status} gesetzt`,
    assigned: (what, name) => `${what} an ${name} zugewiesen`,
    unassigned: (what) => `Zuweisung von ${what} aufgehoben`,
    team: (what, team) => `${what} an ${team} übergeben`,
    noTeam: (what) => `Team von ${what} entfernt`,
    priority: (what, priority) => `Priorität von ${what} auf ${priority} gesetzt`,
    type: (what, type) => `Art von ${what} auf ${type} gesetzt`,
    subject: (what) => `Betreff von ${what} geändert`,
    tags: (what) => `Schlagwörter von ${what} geändert`,
    other: (what) => `${what} geändert`,
  },
  undo: {
    undo: 'Rückgängig',
    undone: (act) => `Rückgängig gemacht: ${act}`,
    failed: (act) => `Nicht rückgängig gemacht: ${act}`,
    nothing: 'Es gibt nichts rückgängig zu machen.',
    changedMeanwhile: 'Inzwischen hat jemand etwas daran geändert; das bleibt erhalten.',
    some: (failed, all) => `${failed} von ${all} konnten nicht zurückgesetzt werden.`,
    command: 'Letzte Aktion rückgängig machen',
  },
  message: {
    reply: (what) => `Antwort zu ${what} senden`,
    note: (what) => `Notiz zu ${what} hinzufügen`,
  },
  draft: {
    elsewhere: 'Auf einem anderen Gerät wurde dieser Entwurf ebenfalls geändert. Ihr Text hier bleibt erhalten.',
    take: 'Anderen Text verwenden',
  },
  refused: {
    one: (what) => `${what} wurde nicht geändert`,
    some: (failed, all) => `${failed} von ${all} Tickets wurden nicht geändert`,
    meanwhile: 'inzwischen wurde es von jemand anderem geändert',
    byWhom: (names) => `inzwischen wurde es von ${names} geändert`,
  },
  openPane: 'Öffnet die Liste der Ansichten',
  acts: {
    merged: (count, into) => `${count} ${plural(count, 'Ticket', 'Tickets')} mit #${into} zusammengeführt`,
    split: (made, from) => `#${made} von #${from} abgetrennt`,
    followedUp: (made, id) => `#${made} als Folgeticket zu #${id} eröffnet`,
    notFollowedUp: 'Es wurde kein Folgeticket eröffnet',
    linked: (one, other) => `#${one} mit #${other} verknüpft`,
    unlinked: (one, other) => `Verknüpfung von #${one} und #${other} aufgehoben`,
    notUnlinked: 'Die Verknüpfung wurde nicht aufgehoben',
    trashed: (id) => `#${id} in den Papierkorb verschoben`,
    notTrashed: 'Das Ticket wurde nicht in den Papierkorb verschoben',
    restored: (id) => `#${id} aus dem Papierkorb wiederhergestellt`,
    notRestored: 'Das Ticket wurde nicht wiederhergestellt',
  },
}
export default de
