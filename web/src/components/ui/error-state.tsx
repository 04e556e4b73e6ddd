import { CloudOff, RotateCw } from 'lucide-react'
import { t } from '@/components/messages'
import { Button } from './button'
import { Told } from './told'

/** In place of what could not be read: that it could not, why as far as it is known, and another try. */
export function ErrorState({
  error,
  title = t.notLoaded,
  retry,
}: {
  error: Error
  title?: string
  retry?: () => void
}) {
  const hint = 'hint' in error && typeof error.hint === 'string' ? error.hint : null
  return (
    <div role="alert" className="grid flex-1 place-content-center justify-items-center gap-1 px-6 py-12 text-center">
      <span aria-hidden className="mb-2 grid size-11 place-items-center rounded-full bg-danger-soft text-danger-ink">
        <CloudOff size={20} />
      </span>
      <p className="font-medium">{title}</p>
      <p className="max-w-[46ch] text-[12px] leading-4 text-dim [overflow-wrap:anywhere]">
        <Told text={error.message} />
      </p>
      {hint && (
        <p lang="en" className="max-w-[46ch] text-[12px] leading-4 text-dim [overflow-wrap:anywhere]">
          {hint}
        </p>
      )}
      {retry && (
        <Button variant="chip" className="mt-3" onClick={retry}>
          <RotateCw size={14} aria-hidden /> {t.tryAgain}
        </Button>
      )}
    </div>
  )
}
