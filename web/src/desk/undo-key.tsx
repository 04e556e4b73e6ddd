import { Undo2 } from 'lucide-react'
import { useEffect } from 'react'
import { isTyping, useCommands } from './commands'
import { t } from './messages'
import { undoKey, undoNewest, useNewestUndo } from './undo'

/** Ctrl+Z and ⌘Z undo the newest act; while somebody types they belong to the text. The palette offers the same. */
export function useUndoKey() {
  const newest = useNewestUndo()
  useCommands(
    [
      {
        keys: undoKey(),
        label: newest ? `${t.undo.undo}: ${newest.text}` : t.undo.command,
        icon: <Undo2 size={16} />,
        run: undoNewest,
        ...(newest ? { group: 'Actions' as const } : {}),
      },
    ],
    true,
  )
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const undo =
        (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === 'z'
      if (!undo || event.defaultPrevented || isTyping(event.target)) return
      event.preventDefault()
      undoNewest()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
}
