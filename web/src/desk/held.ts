/**
 * What cannot be undone once it is sent, such as a reply or a merge, is held for some seconds first: it is shown as
 * going to happen, and until it goes the notice and Ctrl+Z take it back.
 */
import { createElement } from 'react'
import { Countdown } from './countdown'
import { heldSeconds } from './held-seconds'
import { t } from './messages'
import { offerUndo } from './undo'

export interface Held {
  /** When it goes, by the clock of this browser. */
  due: number
  /** `told`: the page on screen counts the seconds and offers the same. */
  tell: (told: boolean) => void
  /** Lets it go now. */
  release: () => void
  /** Ends the wait; nothing is called. */
  end: () => void
}

interface Options {
  text: string
  /** What is said once it was taken back. */
  undone: string
  told?: boolean
  onDue: () => void
  /** Answers, as `Kept`, what stays as it is. */
  onTakenBack: () => unknown
}

export function hold({ text, undone, told = false, onDue, onTakenBack }: Options): Held {
  const wait = heldSeconds() * 1000
  const due = Date.now() + wait
  let waits = true
  let withdraw = () => {}
  const release = () => {
    end()
    onDue()
  }
  const timer = setTimeout(release, wait)
  const end = () => {
    waits = false
    clearTimeout(timer)
    withdraw()
  }
  const undo = async () => {
    if (!waits) throw new Error(t.held.onItsWay)
    end()
    return onTakenBack()
  }
  const tell = (by: boolean) => {
    withdraw()
    if (waits)
      withdraw = offerUndo({ text, undone, told: by, undo, until: { due, note: createElement(Countdown, { due }) } })
  }
  tell(told)
  return { due, tell, release, end }
}
