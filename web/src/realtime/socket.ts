/** What the server says. */
export type ServerMessage =
  | { type: 'ready'; cursor: string }
  | { type: 'event'; cursor: string; name: string; ticket_id: number; actor_id: number | null; ticket: unknown }
  | { type: 'presence'; ticket_id: number; people: Person[] }
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

/** A connection that comes back: it remembers the last event it has seen and resumes after it. */
export class LiveSocket {
  private socket: WebSocket | null = null
  private cursor: string | null = null
  private watching = new Set<number>()
  private tries = 0
  private timer: ReturnType<typeof setTimeout> | undefined
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
      for (const ticket_id of this.watching) this.say({ type: 'watch', ticket_id })
    }
    socket.onmessage = (event) => {
      const message = JSON.parse(event.data) as ServerMessage
      if (message.type === 'ready') {
        this.tries = 0
        this.options.onState(true)
      }
      if (message.type === 'ready' || message.type === 'event') this.cursor = message.cursor
      this.options.onMessage(message)
    }
    socket.onclose = () => {
      this.options.onState(false)
      if (this.stopped) return
      // Doubling, with jitter: a restarted server is not met by everybody at once.
      const wait = Math.min(500 * 2 ** this.tries++, 15_000) * (0.5 + Math.random() / 2)
      this.timer = setTimeout(async () => {
        await this.options.beforeRetry?.()
        if (!this.stopped) this.connect()
      }, wait)
    }
  }

  private say(message: object) {
    if (this.socket?.readyState === 1) this.socket.send(JSON.stringify(message))
  }

  watch(ticket_id: number) {
    this.watching.add(ticket_id)
    this.say({ type: 'watch', ticket_id })
  }

  unwatch(ticket_id: number) {
    this.watching.delete(ticket_id)
    this.say({ type: 'unwatch', ticket_id })
  }

  present(ticket_id: number, state: string) {
    this.say({ type: 'presence', ticket_id, state })
  }

  stop() {
    this.stopped = true
    clearTimeout(this.timer)
    this.socket?.close()
  }
}
