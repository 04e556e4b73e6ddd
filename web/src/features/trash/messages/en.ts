export default {
  title: 'Trash',
  about: 'Tickets are kept here for 30 days, then they are gone for good.',
  empty: 'The trash is empty.',
  deleted: (when: string, who: string) => `deleted ${when} by ${who}`,
  desk: 'the desk',
  gone: (when: string) => `gone for good on ${when}`,
  restore: 'Restore',
  restoreLabel: (id: number) => `Restore #${id}`,
  more: 'Show more',
  refused: 'Only administrators see the trash.',
}
