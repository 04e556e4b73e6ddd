import { useEffect, useState } from 'react'

/** Follows a value once it has rested for `wait` milliseconds. */
export function useDebounced<T>(value: T, wait: number) {
  const [rested, setRested] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), wait)
    return () => clearTimeout(timer)
  }, [value, wait])
  return rested
}
