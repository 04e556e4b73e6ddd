export default {
  title: 'Trash',
  about: 'Tickets are kept here for 30 days, then they are deleted permanently.',
  empty: 'The trash is empty.',
  deleted: (when: string, who: string) => `deleted ${when} by ${who}`,
  desk: 'the desk',
  gone: (when: string) => `deleted permanently on ${when}`,
  restore: 'Restore',
  restoreLabel: (id: number) => `Restore #${id}`,
  more: 'Show more',
  toInbox: 'To the inbox',
  refused: 'Only administrators can see the trash.',
}
