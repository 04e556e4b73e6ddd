/** A link or button that only the keyboard comes to: it leads past much. */
export const SKIP_LINK =
  'fixed start-2 top-2 z-50 rounded-md bg-accent px-3 py-2 font-medium text-accent-ink not-focus:sr-only'
