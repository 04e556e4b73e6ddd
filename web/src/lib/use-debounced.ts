import { useCallback, useEffect, useRef, useState } from 'react'

/** Follows a value once it has rested for `wait` milliseconds. */
export function useDebounced<T>(value: T, wait: number) {
  const [rested, setRested] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), wait)
    return () => clearTimeout(timer)
  }, [value, wait])
  return rested
}

/** The same for a call: only the last of a row of them is made, once they have rested. */
export function useDebouncedCall<T>(call: (value: T) => void, wait: number) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  return useCallback(
    (value: T) => {
      clearTimeout(timer.current)
      timer.current = setTimeout(() => call(value), wait)
    },
    [call, wait],
  )
}
