/** Finds choices by a few letters of their labels: beginnings of words first, then acronyms, then letters in order. */
import { matchSorter } from 'match-sorter'

const folded = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

/** Whether every typed word is part of the text, and not just its letters. */
export const holdsWords = (typed: string, text: string) =>
  folded(typed)
    .split(/\s+/)
    .every((word) => folded(text).includes(word))

/** The matching items, best first; among equals in the order given. */
export const filterByLetters = <T>(typed: string, items: T[], text: (item: T) => string): T[] =>
  matchSorter(items, typed.trim(), { keys: [text], baseSort: (a, b) => a.index - b.index })
