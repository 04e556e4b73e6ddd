import { number, plural, type Translation } from '@/lib/messages'
import type en from './en'

const named = (ids: number[]) =>
  `${ids
    .slice(0, 5)
    .map((id) => `#${id}`)
    .join(', ')}${ids.length > 5 ? ' …' : ''}`

/** `one` steht vor der Nummer, `several` vor „Störungen“. */
const incidents = (ids: number[], one: string, several: string) =>
  ids.length === 1
    ? `${one} ${named(ids)}`
    : ids.length > 3
      ? `${several} ${number(ids.length)} Störungen`
      : `${several} Störungen ${named(ids)}`

const de: Translation<typeof en> = {
  retry: 'Erneut versuchen',
  restFailed: 'Die nächsten Tickets dieser Liste konnten nicht geladen werden',
  ticket: (id) => `#${id}`,
  tickets: (count) => `${count} ${plural(count, 'Ticket', 'Tickets')}`,
  answered: (name: string) => `${name} hat geantwortet`,
  wroteNote: (name: string) => `${name} hat eine Notiz geschrieben`,
  breach: {
    left: (span) => `noch ${span}`,
    late: (span) => `${span} zu spät`,
    at: (at) => `Das nächste Ziel läuft ab: ${at}`,
  },
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
    valuesKept: (fields, count) =>
      `${fields} ${plural(count, 'ist erforderlich und behält den Wert', 'sind erforderlich und behalten ihre Werte')}.`,
    command: 'Letzte Aktion rückgängig machen',
  },
  held: {
    in: (seconds) => `in ${number(seconds)} s`,
    soon: 'in wenigen Sekunden',
    takenBack: (act) => `Zurückgenommen: ${act}`,
    onItsWay: 'Es ist schon unterwegs',
  },
  message: {
    reply: (what) => `Antwort zu ${what} senden`,
    note: (what) => `Notiz zu ${what} hinzufügen`,
    replyLeft: (what) => `Ihre Antwort zu ${what} wurde nicht gesendet`,
    noteLeft: (what) => `Ihre Notiz zu ${what} wurde nicht hinzugefügt`,
  },
  refused: {
    one: (what) => `${what} wurde nicht geändert`,
    some: (failed, all) => `${failed} von ${all} Tickets wurden nicht geändert`,
    meanwhile: 'inzwischen wurde es von jemand anderem geändert',
    byWhom: (names) => `inzwischen wurde es von ${names} geändert`,
    act: (act) => `Nicht ausgeführt: ${act}`,
  },
  records: {
    made: (name) => `${name} angelegt`,
    somebody: 'Jemand anderes',
    conflict: 'Von zwei Personen geändert',
    clash: (who, what) => `${who} hat inzwischen „${what}“ geändert. Welcher Wert soll gelten?`,
    theirs: (value) => `Dort: ${value}`,
    mine: (value) => `Ihrer: ${value}`,
    theirsOf: (field, value) => `${field}: den anderen Wert behalten, ${value}`,
    mineOf: (field, value) => `${field}: Ihren Wert behalten, ${value}`,
    save: 'Auswahl speichern',
    nothing: 'nichts',
    yes: 'ja',
    no: 'nein',
    note: (about) => `die Notiz zu ${about}`,
    you: 'Ihr Profil',
    states: { online: 'Verfügbar', away: 'Abwesend', busy: 'Beschäftigt', offline: 'Offline' },
    scopes: { private: 'Nur Sie', team: 'Ein Team', everyone: 'Alle' },
    columns: {
      name: 'Name',
      email: 'E-Mail',
      phone: 'Telefon',
      locale: 'Sprache',
      time_zone: 'Zeitzone',
      organization_id: 'Organisation',
      domains: 'Domains',
      notes: 'Allgemeines',
      body_text: 'Text',
      pinned: 'Anheftung',
      description: 'Beschreibung',
      visibility: 'Sichtbarkeit',
      team_id: 'Team',
      conditions: 'Filter',
      columns: 'Spalten',
      sort: 'Sortierung',
      group_by: 'Gruppierung',
      position: 'Platz',
      availability: 'Verfügbarkeit',
      availability_reason: 'Grund',
      signature: 'Signatur',
    },
  },
  notes: {
    added: 'Notiz hinzugefügt',
    changed: 'Notiz geändert',
    pinned: 'Notiz angeheftet',
    unpinned: 'Notiz gelöst',
    removed: 'Notiz entfernt',
  },
  followers: {
    added: (name, ticket) => `${name} beobachtet ${ticket}`,
    removed: (name, ticket) => `${name} beobachtet ${ticket} nicht mehr`,
    copied: (name, ticket) => `${name} erhält ${ticket} in Kopie`,
    notCopied: (name, ticket) => `${name} erhält ${ticket} nicht mehr in Kopie`,
  },
  marks: {
    unread: (ticket) => `${ticket} als ungelesen markiert`,
  },
  news: {
    readAll: 'Alle Mitteilungen als gelesen markiert',
  },
  incidents: {
    solved: (act, ids) => `${act}, ebenso ${incidents(ids, 'die zugehörige Störung', 'die zugehörigen')}`,
    left: (ids) =>
      ids.length === 1
        ? `${incidents(ids, 'Die Störung', '')} konnte nicht gelöst werden; ihr Verlauf sagt, warum.`
        : `${number(ids.length)} Störungen konnten nicht gelöst werden: ${named(ids)}. Ihr Verlauf sagt, warum.`,
    stay: (ids) => `${incidents(ids, 'Die Störung', 'Die')} ${ids.length === 1 ? 'bleibt' : 'bleiben'} gelöst.`,
  },
  solving: {
    title: 'Bevor dieses Ticket gelöst wird',
    about: (count) =>
      count === 1
        ? 'Ein Feld muss ausgefüllt sein, wenn ein Ticket gelöst wird.'
        : `${number(count)} Felder müssen ausgefüllt sein, wenn ein Ticket gelöst wird.`,
    solve: 'Speichern und lösen',
    cancel: 'Noch nicht',
  },
  statuses: {
    new: 'Neu',
    open: 'Offen',
    pending: 'Wartend',
    on_hold: 'Zurückgestellt',
    solved: 'Gelöst',
    closed: 'Geschlossen',
  },
  priorities: { low: 'Niedrig', normal: 'Normal', high: 'Hoch', urgent: 'Dringend' },
  types: { question: 'Frage', incident: 'Störung', problem: 'Problem', task: 'Aufgabe' },
  columns: {
    subject: 'Betreff',
    status: 'Status',
    priority: 'Priorität',
    type: 'Art',
    assignee_id: 'Zuständig',
    team_id: 'Team',
    requester_id: 'Anfragende Person',
    organization_id: 'Organisation',
    tags: 'Schlagwörter',
    language: 'Sprache',
    form_id: 'Formular',
    required_skills: 'Benötigte Fähigkeiten',
    body_text: '',
    body_html: '',
  },
  hiddenField: 'Ein Feld, das Sie nicht sehen,',
  rows: { next: 'Nächste Zeile', previous: 'Vorige Zeile', more: 'Mehr anzeigen', loading: 'Weitere werden geladen …' },
  pageFailed: 'Etwas ist schiefgegangen',
  openPane: 'Öffnet die Liste der Ansichten',
  back: 'Zurück',
  today: 'Heute',
  yesterday: 'Gestern',
  ago: {
    now: 'jetzt',
    minutes: (count) => `${count} Min.`,
    hours: (count) => `${count} Std.`,
    days: (count) => `${count} T.`,
  },
  deleting: {
    title: (name) => `${name} löschen?`,
    forGood: 'Das lässt sich nicht rückgängig machen.',
    now: 'Endgültig löschen',
  },
  form: { cancel: 'Abbrechen', create: 'Anlegen', startOver: 'Neu beginnen' },
  acts: {
    merge: (count, into) => `${count} ${plural(count, 'Ticket', 'Tickets')} mit #${into} zusammenführen`,
    notMerged: (into) => `Nicht mit #${into} zusammengeführt`,
    merged: (count, into) => `${count} ${plural(count, 'Ticket', 'Tickets')} mit #${into} zusammengeführt`,
    mergeCustomers: (from, into) => `${from} und ${into} zusammenführen`,
    mergedCustomers: (from, into) => `${from} und ${into} zusammengeführt`,
    notMergedCustomers: (from, into) => `${from} und ${into} wurden nicht zusammengeführt`,
    splitting: (from) => `Nachricht von #${from} abtrennen`,
    notSplit: (from) => `Von #${from} wurde nichts abgetrennt`,
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
    sentLater: (act) => `Jetzt gesendet: ${act}`,
    notSentLater: (act) => `Konnte nicht gesendet werden: ${act}`,
    open: 'Öffnen',
    notStarted: 'Die Änderung wurde nicht begonnen',
  },
}
export default de
