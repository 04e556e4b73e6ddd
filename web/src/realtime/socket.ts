/** The connection to `/api/live`: it resumes after the last event it received, and detects a line that is dead. */
import type { Schemas } from '@/lib/api/client'

/** What the server sends. */
export type ServerMessage =
  | { type: 'ready'; cursor: string }
  | ({ type: 'event' } & EventMessage)
  | { type: 'presence'; ticket_id: number; people: Person[] }
  | { type: 'refused'; ticket_id: number; status: number; detail: string }
  | { type: 'notification.created'; id: number; unread: number }
  | { type: 'resync' }
  | { type: 'pong' }

/** As `GET /api/events` has it. No ticket: it is about something else, such as the progress of a bulk job. */
export type EventMessage = Schemas['Event']

export interface Person {
  id: number
  name: string
  state: string
}

interface Options {
  open: () => WebSocket
  onMessage: (message: ServerMessage) => void
  onState: (connected: boolean) => void
  /** From now on events are told: what happened before the first line stood, nobody tells. */
  onBegin?: () => void
  /** Before connecting again: the session may have run out meanwhile. */
  beforeRetry?: () => Promise<unknown>
}

const BEAT_MS = 5000
/** A ping is answered in some milliseconds; a line that takes this long is dead. */
const ANSWER_MS = 3000

export class LiveSocket {
  private socket: WebSocket | null = null
  private cursor: string | null = null
  /** What this agent does on each ticket they look at; sent again after each drop. */
  private watching = new Map<number, string>()
  private tries = 0
  private timer: ReturnType<typeof setTimeout> | undefined
  private beat: ReturnType<typeof setInterval> | undefined
  private silence: ReturnType<typeof setTimeout> | undefined
  /** Whether anything was received since the last ping. */
  private answered = true
  private stopped = false
  private readonly options: Options

  constructor(options: Options) {
    this.options = options
    this.connect()
  }

  private connect() {
    const socket = this.options.open()
    this.socket = socket
    socket.onopen = () => {
      this.send({ type: 'hello', cursor: this.cursor })
      for (const [ticket_id, state] of this.watching) {
        this.send({ type: 'watch', ticket_id })
        if (state !== 'viewing') this.send({ type: 'presence', ticket_id, state })
      }
      this.answered = true
      this.beat = setInterval(() => this.ping(), BEAT_MS)
    }
    socket.onmessage = (event) => {
      this.answered = true
      const message: ServerMessage = JSON.parse(event.data)
      if (message.type === 'ready') {
        this.tries = 0
        this.options.onState(true)
        if (this.cursor === null) this.options.onBegin?.()
      }
      if (message.type === 'ready' || message.type === 'event') this.cursor = message.cursor
      this.options.onMessage(message)
    }
    socket.onclose = () => this.drop(socket)
  }

  /** A line can be dead without being closed: silence after a ping counts as a drop. */
  private ping() {
    this.answered = false
    this.send({ type: 'ping' })
    const socket = this.socket
    this.silence = setTimeout(() => {
      if (this.answered || !socket) return
      this.drop(socket)
      socket.close()
    }, ANSWER_MS)
  }

  private drop(socket: WebSocket) {
    // Once for each socket: closing a dead one is reported much later.
    if (this.socket !== socket) return
    this.socket = null
    clearInterval(this.beat)
    clearTimeout(this.silence)
    this.options.onState(false)
    if (this.stopped) return
    // Doubling, with jitter, so that not everybody reconnects to a restarted server at once.
    const wait = Math.min(500 * 2 ** this.tries++, 15_000) * (0.5 + Math.random() / 2)
    this.timer = setTimeout(() => this.reconnect(), wait)
  }

  private async reconnect() {
    await this.options.beforeRetry?.()
    if (!this.stopped && !this.socket) this.connect()
  }

  /** The network is back: the rest of a long wait is skipped. */
  reconnectNow() {
    if (this.socket || this.stopped) return
    clearTimeout(this.timer)
    this.tries = 0
    this.reconnect()
  }

  private send(message: object) {
    if (this.socket?.readyState === 1) this.socket.send(JSON.stringify(message))
  }

  watch(ticket_id: number) {
    this.watching.set(ticket_id, 'viewing')
    this.send({ type: 'watch', ticket_id })
  }

  unwatch(ticket_id: number) {
    this.watching.delete(ticket_id)
    this.send({ type: 'unwatch', ticket_id })
  }

  announce(ticket_id: number, state: string) {
    if (this.watching.has(ticket_id)) this.watching.set(ticket_id, state)
    this.send({ type: 'presence', ticket_id, state })
  }

  stop() {
    this.stopped = true
    clearTimeout(this.timer)
    clearInterval(this.beat)
    clearTimeout(this.silence)
    this.socket?.close()
  }
}
