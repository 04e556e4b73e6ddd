/** Takes the reader to a message of the conversation. */
export function showMessage(id: number) {
  const message = document.getElementById(`message-${id}`)
  const article = message?.querySelector('article')
  message?.scrollIntoView({ block: 'center' })
  article?.setAttribute('tabindex', '-1')
  article?.focus()
}
