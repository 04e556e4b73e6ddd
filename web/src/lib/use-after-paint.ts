import { useEffect, useState } from 'react'
import { afterPaint } from './when-idle'

/** Whether what was drawn first is on screen: what can wait is drawn then. */
export function useAfterPaint() {
  const [painted, setPainted] = useState(false)
  useEffect(() => afterPaint(() => setPainted(true)), [])
  return painted
}
