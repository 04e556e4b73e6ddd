/** What the server says. */
export type ServerMessage =
  | { type: 'ready'; cursor: string }
  | { type: 'event'; cursor: string; name: string; ticket_id: number; actor_id: number | null; ticket: unknown }
  | { type: 'presence'; ticket_id: number; people: Person[] }
  | { type: 'refused'; ticket_id: number; status: number; detail: string }
  | { type: 'notification.created'; id: number; unread: number }
  | { type: 'resync' }
  | { type: 'pong' }

export interface Person {
  id: number
  name: string
  state: string
}

interface Options {
  open: () => WebSocket
  onMessage: (message: ServerMessage) => void
  onState: (connected: boolean) => void
  /** Before connecting again: the session may have run out meanwhile. */
  beforeRetry?: () => Promise<unknown>
}

const BEAT = 15_000

/** A connection that comes back: it remembers the last event it has seen and resumes after it. */
export class LiveSocket {
  private socket: WebSocket | null = null
  private cursor: string | null = null
  /** What this agent does on each ticket they look at; told again after each drop. */
  private watching = new Map<number, string>()
  private tries = 0
  private timer: ReturnType<typeof setTimeout> | undefined
  private beat: ReturnType<typeof setInterval> | undefined
  private heard = true
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
      this.say({ type: 'hello', cursor: this.cursor })
      for (const [ticket_id, state] of this.watching) {
        this.say({ type: 'watch', ticket_id })
        if (state !== 'viewing') this.say({ type: 'presence', ticket_id, state })
      }
      this.heard = true
      this.beat = setInterval(() => this.listen(), BEAT)
    }
    socket.onmessage = (event) => {
      this.heard = true
      const message = JSON.parse(event.data) as ServerMessage
      if (message.type === 'ready') {
        this.tries = 0
        this.options.onState(true)
      }
      if (message.type === 'ready' || message.type === 'event') this.cursor = message.cursor
      this.options.onMessage(message)
    }
    socket.onclose = () => this.drop(socket)
  }

  /** A line can be dead without anybody hanging up: silence since the last ping counts as a drop. */
  private listen() {
    const socket = this.socket
    if (!this.heard && socket) {
      this.drop(socket)
      socket.close()
      return
    }
    this.heard = false
    this.say({ type: 'ping' })
  }

  private drop(socket: WebSocket) {
    // Said once for each socket: closing a dead one reports itself much later.
    if (this.socket !== socket) return
    this.socket = null
    clearInterval(this.beat)
    this.options.onState(false)
    if (this.stopped) return
    // Doubling, with jitter: a restarted server is not met by everybody at once.
    const wait = Math.min(500 * 2 ** this.tries++, 15_000) * (0.5 + Math.random() / 2)
    this.timer = setTimeout(() => this.again(), wait)
  }

  private async again() {
    await this.options.beforeRetry?.()
    if (!this.stopped && !this.socket) this.connect()
  }

  /** The network is back: no reason to sit out the rest of a long wait. */
  hurry() {
    if (this.socket || this.stopped) return
    clearTimeout(this.timer)
    this.tries = 0
    this.again()
  }

  private say(message: object) {
    if (this.socket?.readyState === 1) this.socket.send(JSON.stringify(message))
  }

  watch(ticket_id: number) {
    this.watching.set(ticket_id, 'viewing')
    this.say({ type: 'watch', ticket_id })
  }

  unwatch(ticket_id: number) {
    this.watching.delete(ticket_id)
    this.say({ type: 'unwatch', ticket_id })
  }

  present(ticket_id: number, state: string) {
    if (this.watching.has(ticket_id)) this.watching.set(ticket_id, state)
    this.say({ type: 'presence', ticket_id, state })
  }

  stop() {
    this.stopped = true
    clearTimeout(this.timer)
    clearInterval(this.beat)
    this.socket?.close()
  }
}
