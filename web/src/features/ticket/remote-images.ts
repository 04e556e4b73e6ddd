export interface Shown {
  html: string
  /** Pictures that would come from elsewhere, and are left out. */
  left: number
}

/** Whether a picture comes from this desk, or is in the message itself. */
function isOurs(src: string) {
  try {
    const url = new URL(src, location.href)
    return url.origin === location.origin || url.protocol === 'data:' || url.protocol === 'blob:'
  } catch {
    return false
  }
}

/**
 * The message without pictures of other servers: one that is loaded tells its sender that, when and where the message
 * is read. The parser's document is inert, so nothing is loaded before they are out.
 */
export function withoutRemoteImages(html: string): Shown {
  const { body } = new DOMParser().parseFromString(html, 'text/html')
  let left = 0
  for (const image of body.querySelectorAll('img, source, input, video, audio')) {
    const sources = ['src', 'srcset', 'poster'].filter((name) => image.hasAttribute(name))
    if (sources.every((name) => name === 'src' && isOurs(image.getAttribute(name) ?? ''))) continue
    for (const name of sources) image.removeAttribute(name)
    left++
    const place = body.ownerDocument.createElement('span')
    place.className = 'remote-image'
    place.textContent = image.getAttribute('alt') || 'Image'
    image.replaceWith(place)
  }
  for (const element of body.querySelectorAll('[background], [style]')) {
    element.removeAttribute('background')
    element.removeAttribute('style')
  }
  return left ? { html: body.innerHTML, left } : { html, left }
}
