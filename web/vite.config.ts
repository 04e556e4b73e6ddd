import { fileURLToPath } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

const api = process.env.AUTOCRM_API ?? 'http://127.0.0.1:8080'

/** The letters of most pages are asked for together with the script, not after it: text never jumps. */
const preloadFont = (): Plugin => ({
  name: 'preload-font',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler: (_, { bundle }) =>
      Object.keys(bundle ?? {})
        .filter((name) => /inter-latin-wght-normal.*\.woff2$/.test(name))
        .map((name) => ({
          tag: 'link',
          attrs: { rel: 'preload', as: 'font', type: 'font/woff2', crossorigin: '', href: `/${name}` },
          injectTo: 'head-prepend' as const,
        })),
  },
})

/** So is the script of a ticket, by an address that names one. */
const preloadTicket = (): Plugin => ({
  name: 'preload-ticket',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler: (html, { bundle }) => {
      const wanted = new Set<string>()
      const add = (name: string) => {
        const chunk = bundle?.[name]
        if (chunk?.type !== 'chunk' || wanted.has(name) || html.includes(name)) return
        wanted.add(name)
        chunk.imports.forEach(add)
      }
      for (const chunk of Object.values(bundle ?? {}))
        if (chunk.type === 'chunk' && chunk.facadeModuleId?.endsWith('/features/ticket/ticket-page.tsx'))
          add(chunk.fileName)
      const children = `if (location.pathname.startsWith('/tickets/'))
        for (const name of ${JSON.stringify([...wanted])})
          document.head.append(Object.assign(document.createElement('link'), { rel: 'modulepreload', href: '/' + name }))`
      return [{ tag: 'script', children, injectTo: 'head' as const }]
    },
  },
})

export default defineConfig({
  plugins: [react(), tailwindcss(), preloadFont(), preloadTicket()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: { proxy: { '/api': { target: api, ws: true } } },
  build: {
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // What every page needs, in two files rather than twenty; the libraries' one survives most releases.
          groups: [
            // By itself: a translation needs it while the others wait for the translation.
            { name: 'messages', test: /src\/lib\/messages\.ts$/, priority: 3 },
            // Apart: a language's texts import it while the desk still waits for them, and would wait for the desk.
            { name: 'language', test: /src\/lib\/messages\.ts$/, priority: 3 },
            { name: 'libraries', test: /node_modules/, tags: ['$initial'], priority: 2 },
            { name: 'desk', tags: ['$initial'], priority: 1 },
            // In one file rather than a dozen of some hundred bytes.
            { name: 'icons', test: /lucide-react/, minShareCount: 2 },
          ],
        },
      },
    },
  },
  test: { include: ['tests/**/*.test.ts'] },
})
