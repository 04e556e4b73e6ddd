import { type RefObject, useEffect, useState } from 'react'
import { keep, readKept } from './kept-texts'

type Fields = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement

const fieldsOf = (form: HTMLFormElement) =>
  [...form.elements].filter(
    (each): each is Fields =>
      (each instanceof HTMLTextAreaElement ||
        each instanceof HTMLSelectElement ||
        (each instanceof HTMLInputElement && each.type !== 'checkbox' && each.type !== 'file')) &&
      each.name !== '',
  )

interface Kept {
  unsaved: true
  values: Record<string, string>
}

/**
 * Keeps what is typed into a form's named fields when it is closed, and puts it back when it opens again. `onInput` is
 * the form's; `forget` is for when it has been sent, or somebody starts over. `name`: undefined keeps nothing.
 */
export function useKeptForm(name: string | undefined, form: RefObject<HTMLFormElement | null>) {
  const [kept, setKept] = useState(() => (name ? readKept<Kept>(name)?.values : undefined))
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, as the form opens
  useEffect(() => {
    // A field that opens with a value of its own keeps it.
    for (const field of form.current ? fieldsOf(form.current) : [])
      if (!field.value) field.value = kept?.[field.name] ?? ''
  }, [])
  const onInput = () => {
    if (!form.current || !name) return
    const typed = fieldsOf(form.current).flatMap(({ name, value }) => (value ? [[name, value]] : []))
    const values = typed.length ? Object.fromEntries(typed) : undefined
    setKept(values)
    keep(name, values && ({ unsaved: true, values } satisfies Kept))
  }
  const forget = () => {
    setKept(undefined)
    if (name) keep(name, undefined)
  }
  const startOver = () => {
    for (const field of form.current ? fieldsOf(form.current) : []) field.value = ''
    forget()
  }
  return { kept: kept !== undefined, onInput, forget, startOver }
}
