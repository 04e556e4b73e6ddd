import { number, plural } from '@/lib/messages'

export default {
  find: (plural: string) => `Find ${plural} by name…`,
  add: (name: string) => `New ${name}`,
  name: 'Name',
  key: 'External ID',
  since: 'Since',
  empty: (plural: string) => `No ${plural} yet`,
  none: (plural: string) => `No ${plural} of that name`,
  noneText: 'Names are matched from their beginning.',
  unknown: 'No such object type',
  unknownText: 'It may have been removed.',
  noSuchRecord: 'No such record',
  noSuchRecordText: 'It may have been deleted, or you may not have access to it.',
  toRecords: 'To the list',
  toPeople: 'To all people',
  fields: 'Fields',
  noFields: 'This type has no fields.',
  tickets: 'Tickets',
  noTickets: 'No tickets',
  noTicketsText: 'No ticket you can see refers to it.',
  details: 'Details',
  adminsOnly: 'Only administrators can change these.',
  remove: 'Delete…',
  removed: (name: string) => `Deleted ${name}`,
  loses: {
    fields: 'All of its fields are lost.',
    tickets: (count: number, more: boolean) =>
      count
        ? `${more ? 'More than ' : ''}${number(count)} ${plural(count, 'ticket refers', 'tickets refer')} to it. ${plural(count, 'Its field becomes', 'Their fields become')} empty.`
        : 'No ticket that you can see refers to it. In any other, the field becomes empty.',
    records: 'Records that refer to it lose the reference.',
  },
}
