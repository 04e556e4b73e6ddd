import { t } from './messages'

/** In place of choices that could not be read: says so, and tries again. */
export const ListFailed = ({ retry }: { retry: () => void }) => (
  <p role="alert" className="p-2 text-danger">
    {t.failed}{' '}
    <button
      type="button"
      className="rounded underline max-md:min-h-11"
      // The field that the list belongs to keeps the focus, and with it the list.
      onMouseDown={(event) => event.preventDefault()}
      onClick={retry}
    >
      {t.retry}
    </button>
  </p>
)
