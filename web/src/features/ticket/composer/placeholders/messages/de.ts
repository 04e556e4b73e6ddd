import type { Translation } from '@/lib/messages'
import type en from './en'

export default {
  insert: 'Platzhalter einfügen',
  names: {
    'requester.first_name': 'Vorname des Kunden',
    'requester.name': 'Name des Kunden',
    'requester.email': 'E-Mail des Kunden',
    'organization.name': 'Organisation',
    'agent.first_name': 'Ihr Vorname',
    'agent.name': 'Ihr Name',
    'agent.email': 'Ihre E-Mail',
    'agent.phone': 'Ihr Telefon',
    'ticket.subject': 'Betreff',
    'ticket.id': 'Ticketnummer',
    'ticket.status': 'Status',
    'ticket.priority': 'Priorität',
    'ticket.type': 'Art',
    'ticket.team': 'Team',
    'ticket.tags': 'Schlagwörter',
    'ticket.channel': 'Kanal',
    'ticket.language': 'Sprache',
    'ticket.description': 'Beschreibung',
    'ticket.created_at': 'Erstellt',
    'ticket.solved_at': 'Gelöst',
    'assignee.first_name': 'Vorname des Zuständigen',
    'assignee.name': 'Name des Zuständigen',
    'assignee.email': 'E-Mail des Zuständigen',
  },
} satisfies Translation<typeof en>
