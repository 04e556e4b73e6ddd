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
    problem: (message: string) => `It ${message}`,
  },
  appearance: {
    theme: 'Colours',
    themeHint: 'Saved in this browser only.',
    light: 'Light',
    dark: 'Dark',
    system: 'Use system setting',
    contrast: 'Increase contrast',
    contrastHint: 'Text and lines stand out more. Follows your system’s contrast setting when that is on.',
    keys: 'Keys',
    singleKeys: 'Single-key shortcuts',
    singleKeysHint:
      'When turned off, no key acts on its own. This helps with speech input and accidental key presses. Everything is still in the menus and the command palette (Ctrl K).',
  },
  undoSend: {
    title: 'Undo send',
    hint: 'For this long, what cannot be undone later, such as a reply, waits before it goes out, and can be taken back. Saved in this browser only.',
    never: 'Send at once',
    seconds: (seconds: number) => `${number(seconds)} s`,
  },
  password: {
    title: 'Password',
    current: 'Current password',
    next: 'New password',
    nextHint: 'At least 10 characters. Several words are easier to remember than special characters.',
    show: 'Show the passwords',
    endOthers: 'Log out of all other sessions',
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
    hint: 'Sign out of sessions you don’t recognise, then change your password.',
    current: 'This browser',
    lastUsed: (at: string) => `Last used ${at}`,
    since: (at: string) => `logged in ${at}`,
    unknown: 'Unknown device',
    end: 'Log out',
    askOne: 'Log out this session?',
    askOthers: (count: number) => `Log out ${number(count)} other ${plural(count, 'session', 'sessions')}?`,
    ends: 'To go on there, somebody has to log in again.',
    endOne: (device: string, at: string) => `Log out ${device}, logged in ${at}`,
    endOthers: (count: number) => `Log out ${number(count)} other ${plural(count, 'session', 'sessions')}`,
  },
  availability: {
    title: 'Availability',
    hint: 'Visible to your colleagues, and used by routing.',
    states: { online: 'Available', away: 'Away', busy: 'Busy', offline: 'Offline' },
    means: {
      online: 'New tickets are routed to you.',
      away: 'No new tickets are routed to you; tickets waiting for a first reply may be reassigned.',
      busy: 'No new tickets are routed to you; you keep the ones you have.',
      offline: 'No new tickets are routed to you.',
    },
    reason: 'Reason',
    reasonHint: 'Shown to your colleagues until you are available again.',
    reasons: ['Lunch', 'Meeting', 'On a call', 'Training', 'Back tomorrow'],
  },
  numbers: {
    title: 'Your work',
    hint: 'The last seven days. Only you see this page.',
    open: 'Active',
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
