import type { RefObject } from 'react'
import { DropZone } from './drop-zone'

/** Where files come from beside the clipboard: the picker, the camera of a phone, and whatever is dropped. */
export function FileInputs({
  picker,
  camera,
  dropText,
  onFiles,
  onPicked,
}: {
  picker: RefObject<HTMLInputElement | null>
  camera: RefObject<HTMLInputElement | null>
  dropText: string
  onFiles: (files: File[]) => void
  /** After a choice, the keyboard is for the text again. */
  onPicked: () => void
}) {
  const picked = (input: HTMLInputElement) => {
    onFiles([...(input.files ?? [])])
    input.value = ''
    onPicked()
  }
  return (
    <>
      <input ref={picker} type="file" multiple hidden onChange={({ target }) => picked(target)} />
      <input
        ref={camera}
        type="file"
        accept="image/*"
        capture="environment"
        hidden
        onChange={({ target }) => picked(target)}
      />
      <DropZone text={dropText} onFiles={onFiles} />
    </>
  )
}
