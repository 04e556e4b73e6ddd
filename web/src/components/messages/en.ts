export default {
  close: 'Close',
  unassigned: 'Unassigned',
  tryAgain: 'Try again',
  urgent: 'Urgent',
  edit: (label: string, value: string) => (value ? `${label}: ${value}, edit` : `${label}, edit`),
  date: 'Date',
  time: 'Time',
}
