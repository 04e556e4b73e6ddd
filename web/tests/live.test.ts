import { expect, test, vi } from 'vitest'
import { patchRow } from '@/realtime/patch'
import { LiveSocket } from '@/realtime/socket'

test('a changed row is renewed where it stands and others stay the same objects', () => {
  const first = { items: [{ id: 1, subject: 'a' }], next: null }
  const second = {
    items: [
      { id: 2, subject: 'b' },
      { id: 3, subject: 'c' },
    ],
    next: null,
  }
  const data = { pages: [first, second], pageParams: ['', 'x'] }
  const patched = patchRow(data, { id: 3, subject: 'new' })
  expect(patched?.pages[0]).toBe(first)
  expect(patched?.pages[1]?.items.map((row) => row.subject)).toEqual(['b', 'new'])
  expect(patchRow(data, { id: 9, subject: 'elsewhere' })).toBe(data)
})

test('after a drop the socket resumes after the last event it has seen and watches again', async () => {
  vi.useFakeTimers()
  const sockets: {
    sent: string[]
    readyState: number
    send: (text: string) => void
    onopen?: () => void
    onclose?: () => void
    onmessage?: (e: { data: string }) => void
    close: () => void
  }[] = []
  const live = new LiveSocket({
    open: () => {
      const socket = {
        sent: [] as string[],
        readyState: 1,
        send: (text: string) => socket.sent.push(text),
        close: () => {},
      }
      sockets.push(socket)
      return socket as unknown as WebSocket
    },
    onMessage: () => {},
    onState: () => {},
  })
  sockets[0]?.onopen?.()
  live.watch(7)
  sockets[0]?.onmessage?.({ data: '{"type":"event","cursor":"5.2","name":"ticket.updated","ticket_id":7}' })
  sockets[0]?.onclose?.()
  await vi.advanceTimersByTimeAsync(1000)
  sockets[1]?.onopen?.()
  expect(sockets[1]?.sent.map((text) => JSON.parse(text))).toEqual([
    { type: 'hello', cursor: '5.2' },
    { type: 'watch', ticket_id: 7 },
  ])
  live.stop()
})
