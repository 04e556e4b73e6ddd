import { number, plural } from '@/lib/messages'

export default {
  settings: 'Settings',
  save: 'Save',
  discard: 'Discard',
  pages: {
    profile: 'Profile',
    work: 'Availability and work',
    appearance: 'Appearance',
    notifications: 'Notifications',
    security: 'Password and sessions',
  },
  profile: {
    you: 'You',
    name: 'Name',
    nameHint: 'Customers see it on your replies.',
    email: 'E-mail',
    emailHint: 'You log in with it. An administrator can change it.',
    phone: 'Phone',
    place: 'Language and time',
    placeHint: 'Times on every page are shown in your time zone.',
    language: 'Language',
    zone: 'Time zone',
    signature: 'Signature',
    signatureLabel: 'Below your replies',
    signatureHint:
      'Plain text; {{agent.name}}, {{agent.first_name}}, {{agent.email}} and {{agent.phone}} are filled in. Leave it empty for none.',
    saved: 'Saved',
    problem: (message: string) => `It ${message}`,
  },
  appearance: {
    theme: 'Colours',
    themeHint: 'Kept in this browser.',
    light: 'Light',
    dark: 'Dark',
    system: 'As the system',
    contrast: 'More contrast',
    contrastHint: 'Darker text and stronger lines. If your system asks for more contrast, it is on by itself.',
    keys: 'Keys',
    singleKeys: 'Shortcuts of one key',
    singleKeysHint:
      'Off, no letter, digit or sign does anything by itself: for speech input, and for those who hit keys by accident. Everything stays in the menus and under Ctrl K.',
  },
  password: {
    title: 'Password',
    current: 'Current password',
    next: 'New password',
    nextHint: 'At least 10 characters. Several words are easier to remember than signs.',
    show: 'Show the passwords',
    endOthers: 'Log me out everywhere else',
    change: 'Change the password',
    changed: (ended: number) =>
      ended
        ? `Your password is changed, ${number(ended)} other ${plural(ended, 'session', 'sessions')} ended`
        : 'Your password is changed',
    wrong: 'The password is wrong',
    problem: (message: string) => `The password ${message}`,
  },
  sessions: {
    title: 'Where you are logged in',
    hint: 'End what you do not know, and change your password then.',
    current: 'This browser',
    lastUsed: (at: string) => `Last used ${at}`,
    since: (at: string) => `logged in ${at}`,
    unknown: 'Unknown device',
    end: 'Log out',
    endOne: (device: string, at: string) => `Log out ${device}, logged in ${at}`,
    endOthers: (count: number) => `Log out ${number(count)} other ${plural(count, 'session', 'sessions')}`,
  },
  availability: {
    title: 'Availability',
    hint: 'Your colleagues see it, and routing follows it.',
    states: { online: 'Available', away: 'Away', busy: 'Busy', offline: 'Offline' },
    means: {
      online: 'New tickets are routed to you.',
      away: 'Nothing new is routed to you; what waits for a first answer may go to others.',
      busy: 'Nothing new is routed to you; you keep what you have.',
      offline: 'Nothing new is routed to you.',
    },
    reason: 'Reason',
    reasonHint: 'For your colleagues. It goes when you are available again.',
    reasons: ['Lunch', 'Meeting', 'On a call', 'Training', 'Back tomorrow'],
  },
  numbers: {
    title: 'Your work',
    hint: 'Today and the six days before. Only you see this page.',
    open: 'Open',
    load: 'Slots in use',
    loadOf: (load: number, capacity: number) => `${number(load)} of ${number(capacity)}`,
    solved: 'Solved',
    firstReply: 'First reply (median)',
    week: 'Solved each day',
    duration: (seconds: number) => {
      const minutes = Math.round(seconds / 60)
      if (minutes < 60) return `${number(minutes)} min`
      const hours = Math.floor(minutes / 60)
      if (hours < 48) return `${number(hours)} h ${number(minutes % 60)} min`
      return `${number(Math.round(hours / 24))} d`
    },
  },
}
