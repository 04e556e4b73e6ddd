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
    takenOver: (what, name, from) => `${what} bearbeitet jetzt ${name}, nicht mehr ${from}`,
    form: (what) => `Formular von ${what} geändert`,
    language: (what) => `Sprache von ${what} geändert`,
    skills: (what) => `Fähigkeiten für ${what} geändert`,
    requester: (what) => `Anfragende Person von ${what} geändert`,
    organization: (what) => `Organisation von ${what} geändert`,
    custom: (what) => `Details von ${what} geändert`,
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
}
export default de
