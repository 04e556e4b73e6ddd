/** What two people have set differently in one record, asked about one after the other by the bar of the same name. */
import { useSyncExternalStore } from 'react'
import { onPersonChange } from '@/lib/person'

interface Clash {
  path: string
  /** The field, and both values, in words. */
  field: string
  theirs: string
  mine: string
}

export interface RecordConflict {
  /** What was changed: "Naomi Byrne". */
  what: string
  /** Who else did; nobody where the desk does not say. */
  who: string | undefined
  clashes: Clash[]
  /** Called with the paths on which one's own value is to stand. */
  settle: (mine: string[]) => void
}

let asked: readonly RecordConflict[] = []
const listeners = new Set<() => void>()

function set(next: readonly RecordConflict[]) {
  asked = next
  for (const listener of listeners) listener()
}

/** Answers the paths on which one's own value is to stand. */
export const askWhose = (conflict: Omit<RecordConflict, 'settle'>): Promise<string[]> =>
  new Promise((resolve) => {
    const entry: RecordConflict = {
      ...conflict,
      settle: (mine) => {
        set(asked.filter((each) => each !== entry))
        resolve(mine)
      },
    }
    set([...asked, entry])
  })

/** The oldest question. */
export const useRecordConflict = () =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => asked[0],
  )

// What one person was asked is not for the next to answer.
onPersonChange(() => set([]))
