// Prints a report's totals as one plain line, and fails when the run did.
import { readFileSync } from 'node:fs'

const report = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const passed = report.numPassedTests ?? report.stats.expected + report.stats.flaky
const failed = report.numFailedTests ?? report.stats.unexpected
for (const suite of report.testResults ?? []) if (suite.message) console.log(suite.message)
for (const error of report.errors ?? []) console.log(error.message)
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed > 0 || passed === 0 ? 1 : 0)
