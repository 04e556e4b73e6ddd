import { ImageOff } from 'lucide-react'
import { useMemo, useState } from 'react'
import { Button } from '@/components/ui/button'
import { withoutRemoteImages } from './remote-images'

/** The text of a message. Images of other servers are loaded when the reader asks for them. */
export function MessageHtml({ html }: { html: string }) {
  const [all, setAll] = useState(false)
  const shown = useMemo(() => withoutRemoteImages(html), [html])
  return (
    <>
      {shown.removed > 0 && !all && (
        <p className="my-1 flex flex-wrap items-center gap-2 rounded-md border border-line bg-raised px-2.5 py-1 text-[12px]">
          <ImageOff size={13} aria-hidden />
          <span className="flex-1">
            {shown.removed === 1 ? 'A remote image is' : `${shown.removed} remote images are`} not loaded: the sender
            would learn that you read this.
          </span>
          <Button variant="chip" onClick={() => setAll(true)}>
            Load remote images
          </Button>
        </p>
      )}
      <div
        className="message"
        // biome-ignore lint/security/noDangerouslySetInnerHtml: sanitised by the database before it was stored
        dangerouslySetInnerHTML={{ __html: all ? html : shown.html }}
      />
    </>
  )
}
