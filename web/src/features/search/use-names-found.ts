import { type UseQueryResult, useQueries } from '@tanstack/react-query'
import { organizationsFoundQuery, peopleFoundQuery, wordsOf } from '@/desk/search/queries'
import type { Schemas } from '@/lib/api/client'

const MOST = 25

export interface NamesFound<T> {
  items: T[]
  /** There are more than these. */
  more: boolean
  pending: boolean
  stale: boolean
  error: Error | null
  refetch: () => void
}

/** Of several answers the entries once each, the first answer's first. */
function once<T extends { id: number }>(
  answers: UseQueryResult<{ items: T[]; next?: string | null }>[],
): NamesFound<T> {
  const seen = new Map<number, T>()
  for (const { data } of answers) for (const each of data?.items ?? []) if (!seen.has(each.id)) seen.set(each.id, each)
  return {
    items: [...seen.values()],
    more: answers.some(({ data }) => data?.next),
    pending: answers.some(({ isPending }) => isPending),
    stale: answers.some(({ isPlaceholderData }) => isPlaceholderData),
    error: answers.find(({ error }) => error)?.error ?? null,
    refetch: () => {
      for (const answer of answers) void answer.refetch()
    },
  }
}

/** Customers and organizations whose names hold a word of the question. */
export function useNamesFound(question: string) {
  const words = wordsOf(question).filter((word) => word.length > 1)
  // A name of several words as it stands, then each word by itself.
  const asked = [...new Set([words.join(' '), ...words])].filter((each) => each.length > 1).slice(0, 4)
  return {
    words,
    people: once<Schemas['User']>(useQueries({ queries: asked.map((each) => peopleFoundQuery(each, MOST)) })),
    organizations: once<Schemas['Organization']>(
      useQueries({ queries: asked.map((each) => organizationsFoundQuery(each, MOST)) }),
    ),
  }
}

export type Names = ReturnType<typeof useNamesFound>
