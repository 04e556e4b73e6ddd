import { InfiniteQueryObserver, QueryClient, QueryObserver } from '@tanstack/react-query'
import { expect, test } from 'vitest'
import { lose, overtake, watchReads } from '@/lib/overtaken'

/** A desk whose answers wait until they are let go, and say what was true when they were asked for. */
function desk() {
  const client = new QueryClient({ defaultOptions: { queries: { networkMode: 'always', retry: false } } })
  watchReads(client.getQueryCache())
  let truth = 'before'
  const waiting: (() => void)[] = []
  let asked = 0
  const answer = (): Promise<string> => {
    const then = truth
    asked++
    return new Promise((resolve) => waiting.push(() => resolve(then)))
  }
  const settle = async () => {
    for (const each of waiting.splice(0)) each()
    await new Promise((resolve) => setTimeout(resolve))
  }
  const watch = () => new QueryObserver(client, { queryKey: ['x'], queryFn: answer }).subscribe(() => undefined)
  return {
    client,
    answer,
    settle,
    watch,
    change: () => {
      truth = 'after'
    },
    asked: () => asked,
    shown: () => client.getQueryData(['x']),
  }
}

test('a first read during which its query was invalidated is followed by another, and by one alone', async () => {
  const { client, settle, watch, change, asked, shown } = desk()
  watch()
  change()
  for (let n = 0; n < 3; n++) void client.invalidateQueries({ queryKey: ['x'] })
  await settle()
  expect(shown()).toBe('before')
  await settle()
  expect(shown()).toBe('after')
  await settle()
  expect(asked()).toBe(2)
  expect(client.getQueryState(['x'])?.isInvalidated).toBe(false)
})

test('so is one that is tried again after it has failed', async () => {
  const { client, answer, settle, change, shown } = desk()
  let broken = true
  new QueryObserver(client, {
    queryKey: ['x'],
    queryFn: () => (broken ? Promise.reject(new Error('out of reach')) : answer()),
  }).subscribe(() => undefined)
  await settle()
  broken = false
  void client.refetchQueries({ queryKey: ['x'] })
  change()
  void client.invalidateQueries({ queryKey: ['x'] })
  await settle()
  await settle()
  expect(shown()).toBe('after')
})

test('a read that nobody looks at is due again when it was overtaken', async () => {
  const { client, answer, settle, watch, change, shown } = desk()
  void client.prefetchQuery({ queryKey: ['x'], queryFn: answer, staleTime: 60_000 })
  change()
  void client.invalidateQueries({ queryKey: ['x'] })
  await settle()
  expect(client.getQueryState(['x'])?.isInvalidated).toBe(true)
  watch()
  await settle()
  expect(shown()).toBe('after')
})

test('a patch of what is being read is not undone by the older answer', async () => {
  const { client, settle, watch, change, shown } = desk()
  watch()
  await settle()
  void client.refetchQueries({ queryKey: ['x'] })
  change()
  client.setQueryData(['x'], 'after')
  overtake(client, { queryKey: ['x'] })
  await settle()
  await settle()
  expect(shown()).toBe('after')
})

test('a patch makes nothing fresh that is to be read anew', async () => {
  const { client, settle, watch, change } = desk()
  const leave = watch()
  await settle()
  leave()
  change()
  await client.invalidateQueries({ queryKey: ['x'] })
  client.setQueryData(['x'], 'patched')
  expect(client.getQueryState(['x'])?.isInvalidated).toBe(true)
  watch()
  await settle()
  expect(client.getQueryData(['x'])).toBe('after')
})

test('a further page that breaks off a read anew is followed by it', async () => {
  const { client, answer, settle, change } = desk()
  const list = new InfiniteQueryObserver(client, {
    queryKey: ['x'],
    queryFn: answer,
    initialPageParam: 0,
    getNextPageParam: (_, pages) => pages.length,
  })
  list.subscribe(() => undefined)
  await settle()
  change()
  void client.invalidateQueries({ queryKey: ['x'] })
  void list.fetchNextPage()
  for (let n = 0; n < 4; n++) await settle()
  expect(client.getQueryData(['x'])).toMatchObject({ pages: ['after', 'after'] })
})

test('what patches keep true is read anew once events were lost, and no patch hides it', async () => {
  const { client, answer, settle } = desk()
  const queryKey = ['kept']
  const meta = { keptByPatches: true }
  const read = client.fetchQuery({ queryKey, queryFn: answer, meta })
  await settle()
  await read
  const invalid = () => client.getQueryState(queryKey)?.isInvalidated
  await client.invalidateQueries({ queryKey })
  client.setQueryData(queryKey, 'patched')
  expect(invalid()).toBe(false)
  await lose(client, { queryKey })
  client.setQueryData(queryKey, 'patched again')
  expect(invalid()).toBe(true)
  const again = client.fetchQuery({ queryKey, queryFn: answer, meta })
  await settle()
  await again
  client.setQueryData(queryKey, 'patched once more')
  expect(invalid()).toBe(false)
})
