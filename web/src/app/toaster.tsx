import { type CSSProperties, useEffect } from 'react'
import { Toaster, toast } from 'sonner'
import { drawToasts } from '@/components/ui/toast'
import { useTheme } from '@/desk/theme'
import { noticeBox } from '@/lib/keep-clear'
import { direction } from '@/lib/messages'
import { t } from './messages'

/** The colours of the desk in place of the library's own, which are white in the dark theme. */
const COLOURS = {
  '--normal-bg': 'var(--raised)',
  '--normal-text': 'var(--ink)',
  '--normal-border': 'var(--line)',
  '--error-bg': 'var(--raised)',
  '--error-text': 'var(--danger)',
  '--error-border': 'var(--danger)',
  '--border-radius': '10px',
} as CSSProperties

const ABOVE = { bottom: 'var(--notice-bottom, 44px)' }

/** Notices, in the middle of the column that is worked in and above its controls: see keep-clear.ts. */
export function Notices() {
  // After the list has begun to listen.
  useEffect(() => drawToasts(toast), [])
  return (
    // Whoever has pressed a button goes on where they were: not once the last notice has gone, from wherever they are then.
    // biome-ignore lint/a11y/useKeyWithClickEvents: the buttons within have the keyboard
    // biome-ignore lint/a11y/noStaticElementInteractions: as above
    <div ref={noticeBox} onClick={({ target }) => (target as Element).closest('button')?.blur()}>
      <Toaster
        position="bottom-center"
        visibleToasts={2}
        dir={direction}
        containerAriaLabel={t.notices}
        offset={ABOVE}
        mobileOffset={{ left: 12, right: 12, ...ABOVE }}
        theme={useTheme()}
        style={COLOURS}
        toastOptions={{
          closeButtonAriaLabel: t.closeNotice,
          style: { fontFamily: 'var(--font-sans)', fontSize: 13 },
          classNames: {
            closeButton: 'size-6! max-md:size-8!',
            description: 'text-dim! whitespace-pre-line',
            actionButton: 'bg-transparent! text-accent! font-semibold! h-7! px-2! hover:bg-hover! rounded-md!',
          },
        }}
      />
    </div>
  )
}
