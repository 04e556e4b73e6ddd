/**
 * Every operation of the API, and where this UI calls it or why it does not: `npm run operations` prints the table.
 * A test fails for an operation that is neither called nor listed here, and for a line here that is true no more.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const web = fileURLToPath(new URL('..', import.meta.url))
const read = (path) => readFileSync(`${web}/${path}`, 'utf8')

/** Called by other means than `api.GET('/api/…')`: the file that does, in which the path stands. */
const OTHERWISE = {
  create_attachment: 'src/lib/api/upload.ts',
  download_attachment: 'src/features/ticket/conversation/files.tsx',
  get_thumbnail: 'src/features/ticket/conversation/files.tsx',
  refresh_session: 'src/lib/api/client.ts',
  reopen_ticket: 'src/desk/send-change.ts',
  solve_ticket: 'src/desk/send-change.ts',
  update_message: 'src/features/ticket/conversation/queries.ts',
}

/** Parts of the API that configure and watch the desk. */
const ADMIN = 'for administrators, who configure the desk over REST'
const ADMIN_PATHS = [
  '/api/api-keys',
  '/api/audit',
  '/api/automations',
  '/api/channel-loads',
  '/api/condition-schema',
  '/api/custom-fields',
  '/api/erasures',
  '/api/field-jobs',
  '/api/health',
  '/api/legal-holds',
  '/api/mails',
  '/api/object-fields',
  '/api/object-types',
  '/api/priorities',
  '/api/retention-policies',
  '/api/routing-rules',
  '/api/rule-firings',
  '/api/schedules',
  '/api/set-aside',
  '/api/settings',
  '/api/skills',
  '/api/sla-policies',
  '/api/status-transitions',
  '/api/statuses',
  '/api/tags',
  '/api/teams',
  '/api/ticket-forms',
  '/api/triggers',
  '/api/worker-tasks',
  '/api/workflow',
]

/** What agents have by another way. */
const INSTEAD = {
  announce_presence: 'machine: the UI tells who is on a ticket over its live connection',
  assign_ticket: 'machine: the UI sends `update_ticket`, which is undone with the other columns',
  erase_person: ADMIN,
  export_person: ADMIN,
  get_customer_note: 'machine: `list_customer_notes` brings whole notes',
  get_draft: 'machine: `list_drafts` brings whole drafts',
  get_macro: 'machine: `list_macros` brings whole macros',
  get_archived_ticket: 'for integrations and administrators, who read the archive over REST',
  get_metrics: 'for reports, which read it over REST',
  get_my_metrics: 'for reports; the account has the numbers of today',
  get_ticket_as_of: 'for audits over REST; the timeline tells what changed and when',
  get_view: 'machine: `list_views` brings whole views',
  list_archived_tickets: 'for integrations and administrators, who read the archive over REST',
  list_events: 'machine: the UI has events over its live connection',
  list_macro_versions: ADMIN,
  list_messages: 'machine: `get_timeline` has the messages among what else happened',
  rebuild_metrics: ADMIN,
  restore_archived_ticket: ADMIN,
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete']

/** A path as it stands in a source, its parameters as `{id}` or `${id}`. */
const patternOf = (path) =>
  new RegExp(`${path.replaceAll('/', '\\/').replace(/\{[^}]+\}/g, '\\$?\\{[^}]+\\}')}(?![\\w/-])`)

const sourcesOf = () =>
  readdirSync(`${web}/src`, { recursive: true })
    .map((name) => `src/${name}`)
    .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('schema.d.ts'))
    .sort()
    .map((name) => ({ name, text: read(name) }))

/** `used`: the files that call it; `reason`: why none does; `stale`: what is listed above is not so any more. */
export function operations() {
  const spec = JSON.parse(read('../api/openapi.json'))
  const sources = sourcesOf()
  return Object.entries(spec.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => {
      const id = item[method].operationId
      const call = new RegExp(`api\\.${method.toUpperCase()}\\(\\s*'${path.replace(/[{}]/g, '\\$&')}'`)
      const found = sources.filter(({ text }) => call.test(text)).map(({ name }) => name)
      const file = OTHERWISE[id]
      const otherwise = file && patternOf(path).test(read(file)) ? [file] : []
      const used = [...new Set([...found, ...otherwise])]
      const admin = ADMIN_PATHS.some((part) => path === part || path.startsWith(`${part}/`))
      const reason = used.length ? undefined : (INSTEAD[id] ?? (admin ? ADMIN : undefined))
      const stale = (file && (found.length > 0 || !otherwise.length)) || (INSTEAD[id] && used.length > 0)
      return { id, method: method.toUpperCase(), path, used, reason, stale: Boolean(stale) }
    }),
  )
}

/** Lines above that name no operation. */
export const unknown = (all) =>
  Object.keys({ ...OTHERWISE, ...INSTEAD }).filter((id) => !all.some((operation) => operation.id === id))

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const all = operations()
  const used = all.filter((operation) => operation.used.length)
  console.log(`${all.length} operations, of which the UI calls ${used.length}.\n`)
  console.log('| operation | request | where the UI calls it, or why not |\n| --- | --- | --- |')
  for (const { id, method, path, used, reason } of all.sort((one, other) => one.path.localeCompare(other.path)))
    console.log(`| ${id} | ${method} ${path} | ${used.join(', ') || reason || '**nowhere, and no reason is given**'} |`)
}
