export default {
  close: 'Close',
  unassigned: 'Unassigned',
  tryAgain: 'Try again',
  urgent: 'Urgent',
  date: 'Date',
  time: 'Time',
}
