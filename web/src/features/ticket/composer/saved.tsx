import { CloudCheck } from 'lucide-react'
import { t } from './messages'

/** The text is on the server. */
export const Saved = ({ phone }: { phone: boolean }) => (
  <span className="flex shrink-0 items-center gap-1.5 text-[12px] text-dim">
    <CloudCheck size={14} aria-hidden />
    <span className={phone ? 'max-[400px]:sr-only' : '@max-lg:sr-only'}>{phone ? t.saved : t.draftSaved}</span>
  </span>
)
