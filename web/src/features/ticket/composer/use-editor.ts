import { useEffect, useState } from 'react'
import { lazyPart } from '@/lib/lazy-part'
import { afterPaint, whenIdle } from '@/lib/when-idle'

export const Editor = lazyPart(() => import('@/desk/editor/editor'))

/** Whether the editor is there: it costs as much as all the rest of the ticket, so the conversation is drawn before. */
export function useEditor() {
  const [there, setThere] = useState(false)
  useEffect(() => {
    const show = () => setThere(true)
    return Editor.isLoaded() ? afterPaint(show) : whenIdle(() => void Editor.preload().then(show), 300)
  }, [])
  return there
}
