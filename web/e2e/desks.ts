const named = process.env.E2E_BASE_URL ?? 'http://127.0.0.1:8080'

/** The addresses of the desks to test on, which stand with commas between them. */
export const DESKS = named.split(',')

/** The desk of this worker. */
export const BASE = DESKS[Number(process.env.TEST_PARALLEL_INDEX ?? 0)] ?? named
