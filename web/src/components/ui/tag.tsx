/** A tag, as rows of a queue show it. */
export const Tag = ({ name }: { name: string }) => (
  <span className="inline-block rounded border border-line bg-raised px-1.5 text-[12px] leading-[18px] whitespace-nowrap">
    {name}
  </span>
)
