export default {
  find: (what: string) => `${what}: find…`,
  none: 'Nothing found',
  loading: 'Searching…',
  failed: 'This list could not be read.',
  retry: 'Try again',
  create: (name: string) => `Create “${name}”`,
  more: 'Type to find more',
}
