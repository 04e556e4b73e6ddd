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
  const patched = patchRow(data, 3, (row) => ({ ...row, subject: 'new' }))
  expect(patched?.pages[0]).toBe(first)
  expect(patched?.pages[1]?.items.map((row) => row.subject)).toEqual(['b', 'new'])
  expect(patchRow(data, 9, (row) => ({ ...row, subject: 'elsewhere' }))).toBe(data)
})

interface Line {
  sent: string[]
  readyState: number
  send: (text: string) => void
  close: () => void
  onopen?: () => void
  onclose?: () => void
  onmessage?: (event: { data: string }) => void
}

function dial() {
  const lines: Line[] = []
  const states: boolean[] = []
  const live = new LiveSocket({
    open: () => {
      const line: Line = { sent: [], readyState: 1, send: (text) => line.sent.push(text), close: () => {} }
      lines.push(line)
      return line as unknown as WebSocket
    },
    onMessage: () => {},
    onState: (connected) => states.push(connected),
  })
  const said = (at: number) => lines[at]?.sent.map((text) => JSON.parse(text))
  return { live, lines, states, said }
}

test('after a drop the socket resumes after the last event it has seen, watches again and says what is being done', async () => {
  vi.useFakeTimers()
  const { live, lines, said } = dial()
  lines[0]?.onopen?.()
  live.watch(7)
  live.watch(8)
  live.announce(8, 'writing_note')
  lines[0]?.onmessage?.({ data: '{"type":"event","cursor":"5.2","name":"ticket.updated","ticket_id":7}' })
  lines[0]?.onclose?.()
  await vi.advanceTimersByTimeAsync(1000)
  lines[1]?.onopen?.()
  expect(said(1)).toEqual([
    { type: 'hello', cursor: '5.2' },
    { type: 'watch', ticket_id: 7 },
    { type: 'watch', ticket_id: 8 },
    { type: 'presence', ticket_id: 8, state: 'writing_note' },
  ])
  live.stop()
})

test('a line on which nobody answers counts as dropped, and is not mourned twice', async () => {
  vi.useFakeTimers()
  const { live, lines, states } = dial()
  lines[0]?.onopen?.()
  lines[0]?.onmessage?.({ data: '{"type":"ready","cursor":"1.1"}' })
  await vi.advanceTimersByTimeAsync(5000)
  lines[0]?.onmessage?.({ data: '{"type":"pong"}' })
  await vi.advanceTimersByTimeAsync(5000)
  expect(states).toEqual([true])
  await vi.advanceTimersByTimeAsync(4000)
  expect(states).toEqual([true, false])
  expect(lines).toHaveLength(2)
  lines[0]?.onclose?.()
  await vi.advanceTimersByTimeAsync(5_000)
  expect(lines).toHaveLength(2)
  live.stop()
})
