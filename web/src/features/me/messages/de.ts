import { number, plural, type Translation } from '@/lib/messages'
import type en from './en'

const de: Translation<typeof en> = {
  settings: 'Einstellungen',
  save: 'Speichern',
  discard: 'Verwerfen',
  pages: {
    profile: 'Profil',
    work: 'Verfügbarkeit und Arbeit',
    appearance: 'Darstellung',
    notifications: 'Mitteilungen',
    security: 'Passwort und Sitzungen',
  },
  profile: {
    you: 'Sie',
    name: 'Name',
    nameHint: 'Kunden sehen ihn an Ihren Antworten.',
    email: 'E-Mail',
    emailHint: 'Damit melden Sie sich an. Ändern kann sie die Administration.',
    phone: 'Telefon',
    place: 'Sprache und Zeit',
    placeHint: 'Alle Zeiten werden in Ihrer Zeitzone angezeigt.',
    language: 'Sprache',
    zone: 'Zeitzone',
    signature: 'Signatur',
    signatureLabel: 'Unter Ihren Antworten',
    signatureHint:
      'Reiner Text; {{agent.name}}, {{agent.first_name}}, {{agent.email}} und {{agent.phone}} werden ausgefüllt. Leer lassen für keine.',
    problem: (message) => `Der Wert ${message}`,
  },
  appearance: {
    theme: 'Farben',
    themeHint: 'Gilt für diesen Browser.',
    light: 'Hell',
    dark: 'Dunkel',
    system: 'Systemeinstellung verwenden',
    contrast: 'Mehr Kontrast',
    contrastHint: 'Text und Linien heben sich stärker ab. Die Kontrasteinstellung Ihres Systems wird übernommen.',
    keys: 'Tasten',
    singleKeys: 'Tastenkürzel mit einer einzelnen Taste',
    singleKeysHint:
      'Ausgeschaltet löst keine einzelne Taste etwas aus. Das hilft bei Spracheingabe und versehentlichen Eingaben. Alles bleibt über die Menüs und die Befehlspalette (Strg K) erreichbar.',
  },
  undoSend: {
    title: 'Senden rückgängig machen',
    hint: 'So lange wartet, was sich später nicht mehr rückgängig machen lässt, zum Beispiel eine Antwort, und kann zurückgenommen werden. Wird nur in diesem Browser gespeichert.',
    never: 'Sofort senden',
    seconds: (seconds) => `${number(seconds)} s`,
  },
  password: {
    title: 'Passwort',
    current: 'Aktuelles Passwort',
    next: 'Neues Passwort',
    nextHint: 'Mindestens 10 Zeichen. Mehrere Wörter lassen sich leichter merken als Sonderzeichen.',
    show: 'Passwörter anzeigen',
    endOthers: 'Überall sonst abmelden',
    change: 'Passwort ändern',
    changed: (ended) =>
      ended
        ? `Ihr Passwort ist geändert, ${number(ended)} andere ${plural(ended, 'Sitzung wurde', 'Sitzungen wurden')} beendet`
        : 'Ihr Passwort ist geändert',
    wrong: 'Das Passwort ist falsch',
    problem: (message) => `Das Passwort ${message}`,
  },
  sessions: {
    title: 'Wo Sie angemeldet sind',
    hint: 'Melden Sie Sitzungen ab, die Sie nicht kennen, und ändern Sie dann Ihr Passwort.',
    current: 'Dieser Browser',
    lastUsed: (at) => `Zuletzt verwendet ${at}`,
    since: (at) => `angemeldet ${at}`,
    unknown: 'Unbekanntes Gerät',
    end: 'Abmelden',
    askOne: 'Diese Sitzung abmelden?',
    askOthers: (count) => `${number(count)} andere ${plural(count, 'Sitzung', 'Sitzungen')} abmelden?`,
    ends: 'Um dort weiterzuarbeiten, muss man sich neu anmelden.',
    endOne: (device, at) => `${device} abmelden, angemeldet ${at}`,
    endOthers: (count) => `${number(count)} andere ${plural(count, 'Sitzung', 'Sitzungen')} abmelden`,
  },
  availability: {
    title: 'Verfügbarkeit',
    hint: 'Ihre Kollegen sehen sie, und die Verteilung richtet sich danach.',
    states: { online: 'Verfügbar', away: 'Abwesend', busy: 'Beschäftigt', offline: 'Offline' },
    means: {
      online: 'Neue Tickets werden Ihnen zugeteilt.',
      away: 'Ihnen wird nichts Neues zugeteilt; was auf eine erste Antwort wartet, kann an andere gehen.',
      busy: 'Ihnen wird nichts Neues zugeteilt; was Sie haben, behalten Sie.',
      offline: 'Ihnen wird nichts Neues zugeteilt.',
    },
    reason: 'Grund',
    reasonHint: 'Für Ihre Kollegen. Er entfällt, sobald Sie wieder verfügbar sind.',
    reasons: ['Mittagspause', 'Besprechung', 'Telefonat', 'Schulung', 'Morgen wieder da'],
  },
  numbers: {
    title: 'Ihre Arbeit',
    hint: 'Heute und die sechs Tage davor. Nur Sie sehen diese Seite.',
    open: 'Aktiv',
    load: 'Belegte Plätze',
    loadOf: (load, capacity) => `${number(load)} von ${number(capacity)}`,
    solved: 'Gelöst',
    firstReply: 'Erste Antwort (Median)',
    week: 'Gelöst je Tag',
    duration: (seconds) => {
      const minutes = Math.round(seconds / 60)
      if (minutes < 60) return `${number(minutes)} Min.`
      const hours = Math.floor(minutes / 60)
      if (hours < 48) return `${number(hours)} Std. ${number(minutes % 60)} Min.`
      return `${number(Math.round(hours / 24))} T.`
    },
  },
}
export default de
