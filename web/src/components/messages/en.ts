export default {
  close: 'Close',
  cancel: 'Cancel',
  unassigned: 'Unassigned',
  tryAgain: 'Try again',
  priorities: { low: 'Low', normal: 'Normal', high: 'High', urgent: 'Urgent' },
  /** Keys as they are called on the keyboards of the reader's language. */
  keys: {
    Ctrl: 'Ctrl',
    Shift: 'Shift',
    Space: 'Space',
    Home: 'Home',
    End: 'End',
    PageUp: 'Page Up',
    PageDown: 'Page Down',
    Escape: 'Esc',
    Esc: 'Esc',
  },
  edit: (label: string, value: string) => (value ? `${label}: ${value}, edit` : `${label}, edit`),
  calendar: {
    open: 'Open the calendar',
    of: (label: string) => `Calendar: ${label}`,
    previous: 'Previous month',
    next: 'Next month',
    days: 'Days of the month',
    typed: (example: string) => `${example}, today, tomorrow, +3 d`,
    inZone: (zone: string) => `Time in ${zone}`,
  },
}
