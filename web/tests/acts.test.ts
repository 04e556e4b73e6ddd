import { beforeEach, expect, test, vi } from 'vitest'

// As in a browser: what is kept are its own keys.
const store: Record<string, string> = Object.create({
  getItem: (key: string) => store[key] ?? null,
  setItem: (key: string, value: string) => {
    store[key] = value
  },
  removeItem: (key: string) => {
    delete store[key]
  },
})
vi.stubGlobal('localStorage', store)

const { discardAct, Discarded, resumeActs, sendAct, isBusy } = await import('@/desk/acts')
const { doubtPerson, setPerson } = await import('@/lib/person')
const { ApiProblem } = await import('@/lib/api/client')

const away = () => Promise.reject(new ApiProblem(undefined, 503))
const turns = () => vi.advanceTimersByTimeAsync(0)

beforeEach(() => {
  vi.useFakeTimers()
  setPerson(1)
})

test('acts of one lane go out one after the other, those of others at once', async () => {
  const order: string[] = []
  let answer = (_: string) => {}
  const first = sendAct({ text: 'a', lane: 'one', send: () => new Promise<string>((resolve) => (answer = resolve)) })
  const second = sendAct({ text: 'b', lane: 'one', send: async () => order.push('b') })
  await sendAct({ text: 'c', lane: 'two', send: async () => order.push('c') })
  expect(order).toEqual(['c'])
  expect(isBusy('one')).toBe(true)
  answer('done')
  await Promise.all([first, second])
  expect(order).toEqual(['c', 'b'])
  expect(isBusy('one')).toBe(false)
})

test('an act that meets no server is sent again with the same key until it is answered', async () => {
  const keys: string[] = []
  const send = (key: string) => (keys.push(key) < 3 ? away() : Promise.resolve('done'))
  const act = sendAct({ text: 'a', lane: 'three', send })
  await vi.advanceTimersByTimeAsync(60_000)
  expect(await act).toBe('done')
  expect(keys).toHaveLength(3)
  expect(new Set(keys).size).toBe(1)
})

test('a refusal is told at once and lets the next act of its lane go', async () => {
  const refused = sendAct({
    text: 'a',
    lane: 'four',
    send: () => Promise.reject(new ApiProblem({ code: 'TK422' }, 422)),
  })
  const next = sendAct({ text: 'b', lane: 'four', send: async () => 'sent' })
  await expect(refused).rejects.toMatchObject({ status: 422 })
  expect(await next).toBe('sent')
})

test('after the end of a session acts wait for the same person, and are dropped for another', async () => {
  const send = vi.fn(() => Promise.resolve('done'))
  doubtPerson()
  const kept = sendAct({ text: 'a', lane: 'five', send })
  resumeActs()
  await turns()
  expect(send).not.toHaveBeenCalled()
  setPerson(1)
  expect(await kept).toBe('done')

  doubtPerson()
  const dropped = sendAct({ text: 'b', lane: 'five', send })
  const told = expect(dropped).rejects.toBeInstanceOf(Discarded)
  setPerson(2)
  await told
  expect(send).toHaveBeenCalledTimes(1)
})

test('an act that waits can be discarded, and is then never sent', async () => {
  let there = false
  const send = vi.fn(() => (there ? Promise.resolve('done') : away()))
  const act = sendAct({ text: 'a', lane: 'six', send })
  const told = expect(act).rejects.toBeInstanceOf(Discarded)
  await turns()
  for (let id = 1; id < 50; id++) discardAct(id)
  await told
  there = true
  await vi.advanceTimersByTimeAsync(60_000)
  expect(send).toHaveBeenCalledTimes(1)
})

/** The same browser, after the page was loaded anew and has learnt who is signed in. */
async function loadAnew(person: number) {
  vi.resetModules()
  const acts = await import('@/desk/acts')
  const { setPerson } = await import('@/lib/person')
  setPerson(person)
  const left: { key: string; text: string; work: unknown }[] = []
  acts.takeOverActs((act) => left.push(act))
  return { ...acts, left }
}

test('an act that is data is handed to the next page of its person with its key, until it is answered', async () => {
  const keys: string[] = []
  const work = { kind: 'create', data: { body: { subject: 'Late' } } } as const
  const send = (key: string) => {
    keys.push(key)
    return away()
  }
  void sendAct({ text: 'a', lane: 'seven', send, work })
  void sendAct({ text: 'b', lane: 'seven', send })
  await turns()
  expect((await loadAnew(2)).left).toEqual([])
  const next = await loadAnew(1)
  expect(next.left).toMatchObject([{ text: 'a', lane: 'seven', key: keys[0], work }])

  // Handed over: no third page finds it, until the second has begun it again.
  expect((await loadAnew(1)).left).toEqual([])
  const act = next.left[0]
  if (!act) throw new Error('It was handed over')
  const again = vi.fn(() => Promise.resolve('done'))
  expect(await next.sendAct({ text: 'a', lane: 'seven', send: again, work, key: act.key })).toBe('done')
  expect(again).toHaveBeenCalledWith(keys[0])
  expect((await loadAnew(1)).left).toEqual([])
})

test('an act that was discarded is not found by the next page', async () => {
  const page = await loadAnew(1)
  const { ApiProblem: Problem } = await import('@/lib/api/client')
  const send = () => Promise.reject(new Problem(undefined, 503))
  const act = page.sendAct({ text: 'a', lane: 'eight', send, work: { kind: 'create', data: {} } })
  const told = expect(act).rejects.toBeInstanceOf(page.Discarded)
  await turns()
  page.discardAct(1)
  await told
  expect((await loadAnew(1)).left).toEqual([])
})

test('an act that cannot be undone is held first, is sent when its time has come, and keeps nobody waiting', async () => {
  const page = await loadAnew(1)
  const send = vi.fn(() => Promise.resolve('done'))
  const act = page.sendAct({ text: 'a', lane: 'nine', send, held: true })
  expect(page.isBusy('nine')).toBe(false)
  await vi.advanceTimersByTimeAsync(4900)
  expect(send).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(200)
  expect(await act).toBe('done')
})

test('what is held is taken back by the newest undo, and the next of its lane lets it go before itself', async () => {
  const page = await loadAnew(1)
  const { undoNewest } = await import('@/desk/undo')
  const order: string[] = []
  const sender = (name: string) => async () => void order.push(name)
  const taken = page.sendAct({ text: 'a', lane: 'ten', send: sender('a'), held: true })
  const told = expect(taken).rejects.toBeInstanceOf(page.Discarded)
  undoNewest()
  await told
  const first = page.sendAct({ text: 'b', lane: 'ten', send: sender('b'), held: true })
  await page.sendAct({ text: 'c', lane: 'ten', send: sender('c') })
  await first
  await vi.advanceTimersByTimeAsync(60_000)
  expect(order).toEqual(['b', 'c'])
})

test('what is held when its page closes is handed on as held, and dropped for another person', async () => {
  const page = await loadAnew(1)
  const work = { kind: 'merge', data: { into: 1, tickets: [2] } } as const
  const send = vi.fn(() => Promise.resolve(undefined))
  const act = page.sendAct({ text: 'a', lane: 'eleven', send, work, held: true })
  const told = expect(act).rejects.toBeInstanceOf(page.Discarded)
  const { setPerson } = await import('@/lib/person')
  setPerson(2)
  await told
  await vi.advanceTimersByTimeAsync(60_000)
  expect(send).not.toHaveBeenCalled()
  expect((await loadAnew(1)).left).toMatchObject([{ text: 'a', lane: 'eleven', work, held: true }])
})
