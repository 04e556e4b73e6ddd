export interface Operation {
  id: string
  method: string
  path: string
  used: string[]
  reason: string | undefined
  stale: boolean
}
export function operations(): Operation[]
export function unknown(all: Operation[]): string[]
