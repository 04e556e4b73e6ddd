import { Toaster } from 'sonner'
import { useTheme } from '@/desk/theme'
import { direction } from '@/lib/messages'

/** Notices, beside the rail so that they do not cover its buttons, and above the bar of a phone. */
export function Toasts() {
  const theme = useTheme()
  const start = direction === 'rtl' ? 'right' : 'left'
  return (
    <Toaster
      theme={theme}
      dir={direction}
      position={`bottom-${start}`}
      offset={{ [start]: 68, bottom: 44 }}
      mobileOffset={{ left: 12, right: 12, bottom: 76 }}
    />
  )
}
