/** A button of the composer's tools. */
export const TOOL =
  'grid size-7 shrink-0 place-items-center rounded text-dim hover:bg-hover hover:text-ink max-md:size-11'
