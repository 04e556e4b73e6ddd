/** A tag, as rows of a queue show it. */
export const Tag = ({ name }: { name: string }) => (
  <span
    dir="auto"
    className="inline-block min-w-0 truncate rounded border border-line bg-raised px-1.5 text-[12px] leading-[18px]"
  >
    {name}
  </span>
)
