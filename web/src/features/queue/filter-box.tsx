import { Search } from 'lucide-react'
import { type Ref, useEffect, useRef, useState } from 'react'
import { t } from './messages'

const WAIT_MS = 200

/** The filter by subject: typed text goes to the address once typing rests, and a change of the address shows here. */
export function FilterBox({
  value,
  onChange,
  ref,
}: {
  value: string
  onChange: (value: string) => void
  ref: Ref<HTMLInputElement>
}) {
  const [typed, setTyped] = useState(value)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const sent = useRef(value)
  useEffect(() => {
    // The address changed otherwise: by a link, or by going back.
    if (value === sent.current) return
    clearTimeout(timer.current)
    sent.current = value
    setTyped(value)
  }, [value])
  useEffect(() => () => clearTimeout(timer.current), [])
  const send = (text: string) => {
    clearTimeout(timer.current)
    if (text === sent.current) return
    sent.current = text
    onChange(text)
  }
  return (
    <label className="flex h-7 w-44 min-w-20 shrink items-center gap-1.5 rounded-md border border-line bg-raised px-2 focus-within:border-accent max-md:h-8 max-md:min-w-36">
      <Search size={14} className="shrink-0 text-dim" aria-hidden />
      <input
        ref={ref}
        aria-label={t.filter.box}
        placeholder={t.filter.placeholder}
        className="w-full min-w-0 bg-transparent outline-none placeholder:text-dim"
        value={typed}
        onKeyDown={(event) => {
          if (event.key === 'Enter') send(typed)
          if (event.key === 'Escape' || event.key === 'Enter') event.currentTarget.blur()
        }}
        onChange={(event) => {
          const text = event.target.value
          setTyped(text)
          clearTimeout(timer.current)
          timer.current = setTimeout(() => send(text), WAIT_MS)
        }}
      />
    </label>
  )
}
