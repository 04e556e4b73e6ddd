export default {
  none: '–',
  yes: 'Yes',
  no: 'No',
  empty: 'Nothing',
  choose: (label: string) => `Choose: ${label}`,
  hidden: 'Something you cannot see',
  open: (name: string) => `Open ${name}`,
  again: 'Try again',
  problem: (label: string, message: string) => `${label} ${message}`,
  discard: 'Discard changes',
  loading: 'Loading…',
}
