/** Finds choices by a few letters of their labels: beginnings of words first, then acronyms, then letters in order. */
import { matchSorter } from 'match-sorter'

/** The matching items, best first; among equals in the order given. */
export const filterByLetters = <T>(typed: string, items: T[], text: (item: T) => string): T[] =>
  matchSorter(items, typed.trim(), { keys: [text], baseSort: (a, b) => a.index - b.index })
