import { readFileSync } from 'node:fs'
import { afterEach, expect, test, vi } from 'vitest'
import en from '@/lib/api/messages/en'

/** The interface in a language, as a page in it loads. */
async function speaking(language: string) {
  vi.resetModules()
  vi.stubGlobal('localStorage', { getItem: () => language })
  return { ...(await import('@/lib/api/client')), ...(await import('@/lib/api/told')) }
}

afterEach(() => vi.unstubAllGlobals())

const problem = {
  type: 'https://autocrm.dev/problems/TK422',
  title: 'Unprocessable Entity',
  status: 422,
  code: 'TK422',
  detail: 'Your settings cannot be saved like this',
  problems: [
    { path: 'name', message: 'must have at most 200 characters', reason: 'too_long', values: { most: '200' } },
    { path: 'phone', message: 'something new' },
    { path: 'custom.serial', message: 'fünf Ziffern, bitte' },
  ],
}

test('a problem is told in German by its reason and values, and by its code', async () => {
  const { ApiProblem, langOf } = await speaking('de')
  const error = new ApiProblem(problem, 422)
  expect(error.message).toBe('So kann das nicht gespeichert werden')
  expect(error.problems[0]).toMatchObject({ message: 'darf höchstens 200 Zeichen haben', reason: 'too_long' })
  expect(langOf(error.problems[0]?.message)).toBeUndefined()
  expect(new ApiProblem(undefined, 503).message).toBe('Der Server ist nicht erreichbar')
  const late = { ...problem, code: 'TK403', detail: 'words', reason: 'edit_too_late', values: { minutes: '15' } }
  expect(new ApiProblem(late, 403).message).toContain('15 Minuten')
})

test('what answers without words of its own is told by its status: it has been reached', async () => {
  const { ApiProblem } = await speaking('en')
  const told = (status: number) => new ApiProblem(undefined, status).message
  expect(told(500)).toBe('Something went wrong on our side')
  expect(told(413)).toBe('This is too large')
  expect([502, 503, 504].map(told)).toEqual(Array(3).fill('The server cannot be reached'))
})

test('how large a file may be is told as people read sizes', async () => {
  const field = { path: 'size', message: '', reason: 'file_too_big', values: { most: '50000000' } }
  expect((await speaking('en')).tellField(field)).toBe('It is too large: a file has at most 50 MB here')
  expect((await speaking('de')).tellField(field)).toContain('höchstens 50 MB')
})

test('limits and examples are told in the form of the language, ids as they are', async () => {
  const told = async (language: string, reason: string, values: Record<string, string>) =>
    (await speaking(language)).tellField({ path: 'custom.x', message: '', reason, values })
  const limit = { value: '12500.5', most: '1000' }
  expect(await told('de', 'above', limit)).toBe('12.500,5 liegt über dem größten Wert 1.000')
  expect(await told('en', 'above', limit)).toBe('12,500.5 is above the maximum of 1,000')
  expect(await told('de', 'not_date', { example: '2026-11-21' })).toBe('muss ein Datum sein, etwa 21.11.2026')
  expect(await told('de', 'not_time', { example: '2026-11-21T09:00:00Z' })).toContain('etwa 21.11.2026 09:00')
  expect(await told('de', 'unseen', { what: 'ticket', id: '12345' })).toContain('12345')
})

test('what has no reason stays as it came: in English, or in the words of the desk', async () => {
  const { ApiProblem, langOf } = await speaking('de')
  const [, phone, serial] = new ApiProblem(problem, 422).problems
  expect([phone?.message, langOf(phone?.message)]).toEqual(['something new', 'en'])
  expect([serial?.message, langOf(serial?.message)]).toEqual(['fünf Ziffern, bitte', undefined])
  const later = new ApiProblem({ ...problem, code: 'TK418', detail: 'A new kind' }, 418)
  expect([later.message, langOf(later.message)]).toEqual(['A new kind', 'en'])
})

test('in English the API speaks for itself', async () => {
  const { ApiProblem, langOf } = await speaking('en')
  const error = new ApiProblem(problem, 422)
  expect(error.message).toBe(problem.detail)
  expect(error.problems[0]?.message).toBe('must have at most 200 characters')
  expect(langOf(error.problems[1]?.message)).toBeUndefined()
})

test('every reason that the API knows is told, and no other', () => {
  const source = readFileSync('../api/src/reason.rs', 'utf8')
  const forms = source.slice(source.indexOf('const FORMS'), source.indexOf('];'))
  const words = [...forms.matchAll(/\(\s*"(\w+)",/g)].map(([, word]) => word)
  expect(words.length).toBeGreaterThan(30)
  expect(Object.keys(en.reason).sort()).toEqual([...new Set(words)].sort())
})

test('a problem that is kept as its text alone is told in German too, line by line', async () => {
  const { tellKept, langOf } = await speaking('de')
  const kept = 'custom.cause: is required when a ticket is solved\nsubject: must have 1 to 500 characters'
  expect(tellKept(kept)).toEqual([
    { path: 'custom.cause', message: 'muss beim Lösen eines Tickets ausgefüllt sein' },
    { path: 'subject', message: 'muss 1 bis 500 Zeichen haben' },
  ])
  expect(tellKept('somebody else was changing it')).toEqual([
    { path: '', message: 'wurde gerade von jemand anderem geändert' },
  ])
  expect(tellKept("macro: 'Refund: sent' is switched off")[0]?.message).toBe('„Refund: sent“ ist ausgeschaltet')
  expect(tellKept('custom.serial: fünf Ziffern, bitte')[0]?.message).toBe('fünf Ziffern, bitte')
  const [later] = tellKept('A new kind of trouble')
  expect([later?.message, langOf(later?.message)]).toEqual(['A new kind of trouble', 'en'])
  expect(tellKept('')).toEqual([])
})

test('texts that are kept are worded as the database writes them', () => {
  const sql = ['api/tickets/bulk_items.sql', 'api/_refuse.sql', 'app/names/hidden_fields.sql']
    .map((file) => readFileSync(`../sql/${file}`, 'utf8'))
    .join()
  const form = new Proxy<Record<string, string>>({}, { get: () => '%s' })
  for (const word of Object.values(en.kept)) expect(sql).toContain(word(form))
})
