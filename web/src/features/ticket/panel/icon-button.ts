/** A button that is an icon alone: 28 px by mouse, 44 by thumb. */
export const ICON_BUTTON =
  'grid size-7 shrink-0 place-items-center rounded text-ink hover:bg-hover disabled:opacity-40 max-md:size-11'
