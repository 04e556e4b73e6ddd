import { ImageOff } from 'lucide-react'
import { useMemo, useState } from 'react'
import { Button } from '@/components/ui/button'
import { withoutRemoteImages } from './remote-images'

/** What a message says. Pictures of other servers come when they are asked for. */
export function MessageHtml({ html }: { html: string }) {
  const [all, setAll] = useState(false)
  const shown = useMemo(() => withoutRemoteImages(html), [html])
  return (
    <>
      {shown.left > 0 && !all && (
        <p className="my-1 flex flex-wrap items-center gap-2 rounded-md border border-line bg-raised px-2.5 py-1 text-[12px]">
          <ImageOff size={13} aria-hidden />
          <span className="flex-1">
            {shown.left === 1 ? 'A remote image is' : `${shown.left} remote images are`} not loaded: the sender would
            learn that you read this.
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
