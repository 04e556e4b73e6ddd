/** What the options of a list are read by: queries, as far as a list has to know them. */
export interface Read {
  isPending: boolean
  isLoadingError: boolean
  refetch: () => unknown
}

export const isReading = (reads: Read[]) => reads.some(({ isPending }) => isPending)

/** What reads again that which could not be read; nothing when all could. */
export function retryOf(reads: Read[]): (() => void) | undefined {
  const failed = reads.filter(({ isLoadingError }) => isLoadingError)
  if (failed.length)
    return () => {
      for (const each of failed) void each.refetch()
    }
}
