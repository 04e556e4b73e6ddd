/** A file dropped beside its mark would open in place of the desk, and what is written here would be gone. */
export function keepFilesOut() {
  const refuse = (event: DragEvent) => {
    if (event.dataTransfer?.types.includes('Files')) event.preventDefault()
  }
  document.addEventListener('dragover', refuse)
  // On the way down, before anybody can fail; the window takes files on the way up.
  document.addEventListener('drop', refuse, { capture: true })
}
