/** What the description of the API leaves open, read with checks: nobody takes a value for what it may not be. */
import { ApiProblem } from './client'

export type Open = Record<string, unknown>

export const isObject = (value: unknown): value is Open =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A member of an object; undefined where there is no object. */
export const memberOf = (value: unknown, key: string): unknown => (isObject(value) ? value[key] : undefined)

export const textsOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])

const has = <T extends object>(value: unknown, marks: readonly (keyof T & string)[]): value is T =>
  isObject(value) && marks.every((mark) => mark in value)

/** With a conflict comes the resource as it is now. `marks`: the members that tell it from others. */
export function currentIn<T extends object>(error: unknown, marks: readonly (keyof T & string)[]): T | undefined {
  const current = error instanceof ApiProblem && error.status === 409 ? error.current : undefined
  return has<T>(current, marks) ? current : undefined
}
