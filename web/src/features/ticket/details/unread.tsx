import { t } from './messages'

/** What could not be read, and how to try again. */
export const Unread = ({ text, retry }: { text: string; retry: () => void }) => (
  <p role="alert" className="text-[12px] text-danger">
    {text}{' '}
    <button type="button" className="min-h-6 rounded underline" onClick={retry}>
      {t.retry}
    </button>
  </p>
)
