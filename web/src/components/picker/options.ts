import type { ReactNode } from 'react'

/** One choice of a picker. */
export interface Option {
  key: string
  label: string
  /** Beside the label, dimmed. */
  hint?: string | undefined
  icon?: ReactNode
  chosen?: boolean
  disabled?: boolean
}

const folded = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

/** The options that hold every typed word, those that begin with the text first; accents and case are no matter. */
export function optionsFor(options: Option[], typed: string): Option[] {
  const words = folded(typed).split(/\s+/).filter(Boolean)
  if (!words.length) return options
  const whole = words.join(' ')
  return options
    .map((option) => ({ option, text: folded(`${option.label} ${option.hint ?? ''}`) }))
    .filter(({ text }) => words.every((word) => text.includes(word)))
    .sort((one, other) => Number(other.text.startsWith(whole)) - Number(one.text.startsWith(whole)))
    .map(({ option }) => option)
}
