import { defineConfig } from '@playwright/test'

// One of several parts of the tests, such as 1/2.
const shard = process.env.E2E_SHARD
const [current = 1, total = 1] = shard?.split('/').map(Number) ?? []

export default defineConfig({
  testDir: 'e2e',
  workers: 1,
  shard: shard ? { current, total } : null,
  outputDir: `test-results/${current}`,
  timeout: 120_000,
  // A machine that builds at the same time answers late.
  expect: { timeout: 20_000 },
  reporter: [['line'], ['json', { outputFile: `node_modules/.playwright-${current}.json` }]],
  use: {
    baseURL: process.env.E2E_BASE_URL ?? 'http://127.0.0.1:8080',
    viewport: { width: 1440, height: 900 },
    launchOptions: {
      executablePath: '/usr/bin/chromium',
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
