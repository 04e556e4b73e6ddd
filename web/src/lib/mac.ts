/** Where the keys are Cmd and Option. */
export const MAC = /Mac|iP/.test(globalThis.navigator?.platform ?? '')
