/** Behind the label of a field that may not stay empty; `label` says so to those who hear the page. */
export const RequiredMark = ({ label }: { label: string }) => (
  <>
    {/* A space for those who hear it as well. */}{' '}
    <span className="text-note-ink" role="img" aria-label={label} title={label}>
      *
    </span>
  </>
)
