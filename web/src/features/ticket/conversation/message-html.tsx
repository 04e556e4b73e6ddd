import clsx from 'clsx'
import { ImageOff } from 'lucide-react'
import { useMemo, useState } from 'react'
import { Button } from '@/components/ui/button'
import { LINK_REL, linkTexts } from './links'
import { t } from './messages'
import { QuoteToggle } from './quote-toggle'
import { quotedIn } from './quotes'
import { removeRemoteImages } from './remote-images'

const ATTACHED = /^\/api\/attachments\/(\d+)\/content$/

const ADDRESS = /^(?:https?:\/\/)?([\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+)(?=[/?#:]|$)/iu
const MAIL = /^\S+@([\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+)$/u

// As the browser writes letters of other alphabets.
const plainHost = (host: string) =>
  (URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : host).toLowerCase().replace(/^www\./, '')

/** Where a link goes whose text names another place. */
function leadsTo({ href, textContent }: HTMLAnchorElement): string | undefined {
  const text = textContent.trim()
  const named = (ADDRESS.exec(text) ?? MAIL.exec(text))?.[1]
  if (!named || !URL.canParse(href)) return undefined
  const { protocol, host, pathname } = new URL(href)
  const target = protocol === 'mailto:' ? decodeURIComponent(pathname) : host
  const place = target.split('@').at(-1) ?? ''
  return plainHost(place.replace(/:\d+$/, '')) === plainHost(named) ? undefined : target
}

/** Prepares sanitised HTML for reading: images that the message carries can be opened, those of others wait. */
function prepare(html: string, withRemote: boolean) {
  const { body } = new DOMParser().parseFromString(html, 'text/html')
  const removed = withRemote ? 0 : removeRemoteImages(body)
  for (const image of body.querySelectorAll('img')) {
    const id = ATTACHED.exec(image.getAttribute('src') ?? '')?.[1]
    if (!id) continue
    image.dataset.attachment = id
    image.tabIndex = 0
    image.setAttribute('role', 'button')
    image.setAttribute('aria-label', t.openImage(image.getAttribute('alt') || t.image))
  }
  // They scroll sideways, by the keyboard as well.
  for (const wide of body.querySelectorAll<HTMLElement>('pre, table')) wide.tabIndex = 0
  linkTexts(body)
  for (const link of body.querySelectorAll<HTMLAnchorElement>('a[href]')) {
    link.target = '_blank'
    link.rel = LINK_REL
    link.title = link.href
    const elsewhere = leadsTo(link)
    if (!elsewhere) continue
    const told = document.createElement('span')
    told.className = 'leads-to'
    told.textContent = ` (${t.leadsTo(elsewhere)})`
    link.after(told)
  }
  return { html: body.innerHTML, removed, lines: quotedIn(body).lines }
}

const imageOf = (target: EventTarget) =>
  target instanceof HTMLImageElement && target.dataset.attachment ? Number(target.dataset.attachment) : null

/** The text of a message. Images of other servers are loaded when the reader asks for them. */
export function MessageHtml({ html, onImage }: { html: string; onImage: (attachment: number) => void }) {
  const [all, setAll] = useState(false)
  const [open, setOpen] = useState(false)
  const shown = useMemo(() => prepare(html, all), [html, all])
  const press = (target: EventTarget) => {
    const id = imageOf(target)
    if (id !== null) onImage(id)
    return id !== null
  }
  return (
    <>
      {shown.removed > 0 && (
        <p className="my-1 flex flex-wrap items-center gap-2 rounded-md border border-line bg-raised px-2.5 py-1 text-[12px]">
          <ImageOff size={13} aria-hidden />
          <span className="flex-1">{t.remoteImages(shown.removed)}</span>
          <Button variant="chip" onClick={() => setAll(true)}>
            {t.loadRemoteImages}
          </Button>
        </p>
      )}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the images in it are the buttons */}
      <div
        dir="auto"
        className={clsx('message', shown.lines > 0 && !open && 'quotes-folded')}
        onClick={({ target }) => press(target)}
        onKeyDown={(event) => {
          if ((event.key === 'Enter' || event.key === ' ') && press(event.target)) event.preventDefault()
        }}
        // biome-ignore lint/security/noDangerouslySetInnerHtml: sanitised by the database before it was stored
        dangerouslySetInnerHTML={{ __html: shown.html }}
      />
      {shown.lines > 0 && <QuoteToggle lines={shown.lines} open={open} onToggle={() => setOpen(!open)} />}
    </>
  )
}
