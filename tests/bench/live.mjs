// Milliseconds from a change to its arrival at the clients: SOCKETS live connections of one agent, RATE changes a
// second for DURATION seconds. Prints p50 and p99. TOKEN and HTTP (host:port) come from the environment.
const { TOKEN, HTTP } = process.env
const sockets = Number(process.env.SOCKETS ?? 50)
const rate = Number(process.env.RATE ?? 40)
const duration = Number(process.env.DURATION ?? 5)
const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' }

const call = async (method, path, body) => {
  const reply = await fetch(`http://${HTTP}${path}`, { method, headers, body: body && JSON.stringify(body) })
  if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${await reply.text()}`)
  return reply.json()
}

const sent = new Map()
const waits = []
const open = () =>
  new Promise((resolve, reject) => {
    // By a header: commits differ in the subprotocols that they take.
    const socket = new WebSocket(`ws://${HTTP}/api/live`, { headers: { authorization: `Bearer ${TOKEN}` } })
    socket.onopen = () => socket.send(JSON.stringify({ type: 'hello', cursor: null }))
    socket.onerror = () => reject(new Error('a live connection was refused'))
    socket.onmessage = ({ data }) => {
      const now = performance.now()
      resolve(socket)
      for (const [, subject] of data.matchAll(/"subject":\s*"(live [0-9]+)"/g)) {
        const began = sent.get(subject)
        if (began !== undefined) waits.push(now - began)
      }
    }
  })
const all = await Promise.all(Array.from({ length: sockets }, open))
for (let n = 0; n < rate * duration; n++) {
  const subject = `live ${n}`
  sent.set(subject, performance.now())
  call('POST', '/api/tickets', { subject, description: 'x', requester: { email: 'bench@example.test' } }).catch((error) => {
    console.error(error)
    process.exit(1)
  })
  await new Promise((resolve) => setTimeout(resolve, 1000 / rate))
}
await new Promise((resolve) => setTimeout(resolve, 2000))
for (const socket of all) socket.close()
waits.sort((a, b) => a - b)
const at = (share) => waits[Math.min(waits.length - 1, Math.floor(waits.length * share))].toFixed(1)
if (waits.length === 0) throw new Error('nothing arrived')
console.log(`${at(0.5)} ${at(0.99)}`)
process.exit(0)
