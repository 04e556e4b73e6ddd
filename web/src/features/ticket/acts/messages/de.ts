import type { Translation } from '@/lib/messages'
import type en from './en'

const de: Translation<typeof en> = {
  merge: 'Mit anderen Tickets zusammenführen …',
  split: 'Nachricht abtrennen …',
  link: 'Mit anderem Ticket verknüpfen …',
  followUp: 'Folgeticket eröffnen',
  followUpAsk: (id) => `Folgeticket zu #${id} eröffnen?`,
  followUpText: 'Für denselben Kunden wird ein neues Ticket eröffnet, mit einem Verweis auf dieses.',
  trash: 'In den Papierkorb verschieben',
  why: 'Warum so zugeteilt wurde',
  filter: 'Im Verlauf anzeigen …',
  copyLink: 'Link kopieren',
  copied: 'Der Link ist kopiert',
  notCopied: 'Der Link konnte nicht kopiert werden',
  whyTitle: (id) => `Warum #${id} dort ist, wo es ist`,
  closed: 'Dieses Ticket ist geschlossen. Was folgt, wird ein eigenes Ticket.',
  merged: (into) => `Dieses Ticket wurde mit #${into} zusammengeführt; dort geht es weiter.`,
  open: (id) => `#${id} öffnen`,
}
export default de
