import { useNavigate } from '@tanstack/react-router'
import type { AnchorHTMLAttributes } from 'react'

/** A link within the desk whose address is put together from data; it opens in new tabs as every link does. */
export function AppLink({ href, onClick, ...rest }: AnchorHTMLAttributes<HTMLAnchorElement> & { href: string }) {
  const navigate = useNavigate()
  return (
    <a
      {...rest}
      href={href}
      onClick={(event) => {
        onClick?.(event)
        if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return
        event.preventDefault()
        void navigate({ href })
      }}
    />
  )
}
