import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { linkAddress } from './link-address'
import { t } from './messages'

/** Sets the address of a link; an empty one removes the link. */
export function LinkForm({
  initial,
  onLink,
  onClose,
}: {
  initial: string
  onLink: (href: string) => void
  onClose: () => void
}) {
  const [href, setHref] = useState(initial)
  const valid = !href.trim() || linkAddress(href) !== null
  const apply = () => valid && onLink(linkAddress(href) ?? '')
  return (
    <div role="group" aria-label={t.link} className="mt-1.5 flex flex-wrap items-center gap-1.5">
      <input
        // biome-ignore lint/a11y/noAutofocus: they have just asked for it
        autoFocus
        dir="ltr"
        aria-label={t.linkAddress}
        aria-invalid={!valid}
        placeholder="example.com/help"
        className="h-7 min-w-40 flex-1 rounded-md border border-check bg-canvas px-2 focus:border-accent aria-invalid:border-danger max-md:h-11 max-md:text-[16px]"
        value={href}
        onChange={(event) => setHref(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' && event.key !== 'Escape') return
          event.preventDefault()
          event.stopPropagation()
          if (event.key === 'Enter') apply()
          else onClose()
        }}
      />
      <Button variant="chip" onClick={apply} disabled={!valid}>
        {href.trim() ? t.setLink : t.removeLink}
      </Button>
      <Button onClick={onClose}>{t.cancel}</Button>
    </div>
  )
}
