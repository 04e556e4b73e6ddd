/** Compresses the built files once, better than the server could for each request; it sends what the browser takes. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

const folder = new URL('./dist', import.meta.url).pathname
const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((file) => file.isFile() && /\.(js|css|html|svg|json|txt)$/.test(file.name))
  .map((file) => join(file.parentPath, file.name))

await Promise.all(
  files.map(async (file) => {
    const whole = readFileSync(file)
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: whole.length }
    const [br, gz] = await Promise.all([
      promisify(brotliCompress)(whole, { params }),
      promisify(gzip)(whole, { level: 9 }),
    ])
    // Below a packet's size it makes no difference.
    if (br.length < whole.length) writeFileSync(`${file}.br`, br)
    if (gz.length < whole.length) writeFileSync(`${file}.gz`, gz)
  }),
)
console.log(`${files.length} files compressed`)
