/** Removes images of other servers from a message. */
import { t } from './messages'

/** Whether an image comes from this desk, or is part of the message itself. */
function isOurs(src: string) {
  try {
    const url = new URL(src, location.href)
    return url.origin === location.origin || url.protocol === 'data:' || url.protocol === 'blob:'
  } catch {
    return false
  }
}

/**
 * Takes them out of a parsed message, and answers how many there were. An image that is loaded reveals to its sender
 * that, when and where the message is read. The parser's document is inert: nothing is loaded before the images are out.
 */
export function removeRemoteImages(body: HTMLElement): number {
  let removed = 0
  for (const image of body.querySelectorAll('img, source, input, video, audio')) {
    const sources = ['src', 'srcset', 'poster'].filter((name) => image.hasAttribute(name))
    if (sources.every((name) => name === 'src' && isOurs(image.getAttribute(name) ?? ''))) continue
    for (const name of sources) image.removeAttribute(name)
    removed++
    const placeholder = body.ownerDocument.createElement('span')
    placeholder.className = 'remote-image'
    placeholder.textContent = image.getAttribute('alt') || t.image
    image.replaceWith(placeholder)
  }
  for (const element of body.querySelectorAll('[background], [style]')) {
    element.removeAttribute('background')
    element.removeAttribute('style')
  }
  return removed
}
