import { plural } from '@/lib/messages'

export default {
  label: 'Connection',
  offline: 'You are offline.',
  away: 'The server cannot be reached.',
  kept: 'You see what was read last. What you write is kept, and what you change is sent when the line is back.',
  waiting: (count: number) =>
    `${count} ${plural(count, 'change waits', 'changes wait')} and will be sent in this order when the line is back.`,
  retry: 'Try again now',
  list: 'Changes that wait',
  copy: (act: string) => `Copy the text of: ${act}`,
  copyText: 'Copy the text',
  copied: 'The text is copied.',
  notCopied: 'The text could not be copied',
  discard: (act: string) => `Discard: ${act}`,
  discardIt: 'Discard',
}
