/** What one looks for. A search that does not say is for tickets, and tells of people and organizations beside them. */
export const KINDS = ['tickets', 'people', 'organizations'] as const

export type Kind = (typeof KINDS)[number]

export const readKind = (value: unknown) => KINDS.find((kind) => kind === value)

/** The part of an address that says it. */
export const kindIn = (kind: Kind | undefined): { kind?: Kind } => (kind && kind !== 'tickets' ? { kind } : {})
