import { plural } from '@/lib/messages'

export default {
  label: 'Connection',
  offline: 'You are offline.',
  away: 'The server cannot be reached.',
  kept: 'You see the last loaded data. What you write is kept, and your changes are sent when you are back online.',
  waiting: (count: number) =>
    `${count} ${plural(count, 'change is waiting', 'changes are waiting')} and will be sent in this order when you are back online.`,
  retry: 'Try again now',
  list: 'Pending changes',
  copy: (act: string) => `Copy the text of: ${act}`,
  copyText: 'Copy the text',
  copied: 'The text is copied.',
  notCopied: 'The text could not be copied',
  discard: (act: string) => `Discard: ${act}`,
  discardIt: 'Discard',
}
