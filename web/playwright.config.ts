import { defineConfig } from '@playwright/test'
import { BASE, DESKS } from './e2e/desks'

export default defineConfig({
  testDir: 'e2e',
  // Each worker has a desk of its own, on which its files run one after the other.
  workers: DESKS.length,
  timeout: 120_000,
  // A machine that builds at the same time answers late.
  expect: { timeout: 20_000 },
  reporter: [['line'], ['json', { outputFile: 'node_modules/.playwright.json' }]],
  use: {
    baseURL: BASE,
    viewport: { width: 1440, height: 900 },
    launchOptions: {
      // Pages take half the time that the full browser needs without a window.
      executablePath: '/usr/bin/chromium-headless-shell',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
})
