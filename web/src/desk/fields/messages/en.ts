export default {
  none: '–',
  empty: 'Nothing',
  choose: (label: string) => `Choose: ${label}`,
  hidden: 'Something you cannot see',
  inZone: (zone: string) => `Time in ${zone}`,
  open: (name: string) => `Open ${name}`,
  loading: 'Loading…',
}
