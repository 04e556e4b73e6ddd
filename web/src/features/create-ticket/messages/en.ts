export default {
  act: (subject: string) => `Create the ticket “${subject}”`,
  created: (id: number) => `Created #${id}`,
  open: 'Open',
  waits: 'It is sent as soon as there is a line; you may close this.',
  startOver: 'Start over',
}
