import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import AxeBuilder from '@axe-core/playwright'
import {
  type APIRequestContext,
  type Browser,
  type BrowserContextOptions,
  expect,
  type Page,
  type Route,
  request,
} from '@playwright/test'
import { BASE } from './desks'

const headers = { 'x-requested-with': 'autocrm' }

export async function logIn(page: Page, email: string, password = 'autocrm-demo') {
  await page.getByRole('textbox', { name: 'E-mail' }).fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Log in' }).click()
}

/**
 * Where an overlay was closed, the browser goes back from its entry first: that would break off the way to a page.
 * One that is still open keeps its entry, and is not waited for.
 */
function afterOverlays(page: Page) {
  const left = () =>
    page
      .waitForFunction(() => !history.state?.overlays || document.querySelector('[role=dialog]'), null, {
        timeout: 1500,
      })
      .catch(() => {})
  const [goto, reload] = [page.goto.bind(page), page.reload.bind(page)]
  page.goto = async (...way) => {
    await left()
    return goto(...way)
  }
  page.reload = async (...how) => {
    await left()
    return reload(...how)
  }
}

/** Somebody at the desk, in a browser of their own. */
export async function signIn(browser: Browser, email: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ baseURL: BASE, ...options })
  // By the API, which is faster than the page: that one has specs of its own.
  const reply = await context.request.post('/api/session', { headers, data: { email, password: 'autocrm-demo' } })
  expect(reply.ok(), await reply.text()).toBe(true)
  const page = await context.newPage()
  afterOverlays(page)
  await page.goto('/')
  await expect(page.getByRole('heading', { name: 'All active' })).toBeVisible()
  await expect(page.getByText('Live', { exact: true })).toBeVisible()
  await expect(page.locator('[data-ticket]').first()).toBeVisible()
  return page
}

/** The live events that this page receives, from its next connection on. */
export function liveEvents(page: Page) {
  const events: { type: string; ticket_id?: number; changes?: object }[] = []
  page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => events.push(JSON.parse(String(payload)))),
  )
  return events
}

/** A new ticket, as the one at this page would make it; all agents see the billing team's. */
export async function makeTicket(
  page: { request: APIRequestContext },
  subject: string,
  more: object = {},
): Promise<number> {
  const reply = await page.request.post('/api/tickets', {
    headers,
    data: { subject, description: `About: ${subject}`, requester: { email: 'naomi.byrne@halcyon.example' }, ...more },
  })
  expect(reply.status(), await reply.text()).toBe(201)
  return (await reply.json()).id
}

/** Somebody else at the desk, without a browser. */
export async function colleague(email = 'priya@demo.test'): Promise<{ request: APIRequestContext }> {
  const context = await request.newContext({ baseURL: BASE, extraHTTPHeaders: headers })
  const reply = await context.post('/api/session', { data: { email, password: 'autocrm-demo' } })
  expect(reply.ok(), await reply.text()).toBe(true)
  return { request: context }
}

export async function changeTicket(page: { request: APIRequestContext }, id: number, data: object) {
  const reply = await page.request.patch(`/api/tickets/${id}`, { headers, data })
  expect(reply.status(), await reply.text()).toBe(200)
  return reply.json()
}

/** Custom fields and a form of their own, gone again when `work` is done. */
export async function withForm(fields: object[], placed: object[], work: (form: number) => Promise<void>) {
  const admin = await colleague('admin@demo.test')
  const made: string[] = []
  const make = async (path: string, data: object): Promise<number> => {
    const reply = await admin.request.post(path, { data })
    expect(reply.status(), await reply.text()).toBe(201)
    const { id } = await reply.json()
    made.unshift(`${path}/${id}`)
    return id
  }
  try {
    for (const field of fields) await make('/api/custom-fields', field)
    await work(await make('/api/ticket-forms', { name: `Form ${Date.now()}`, shown_to: ['agent'], fields: placed }))
  } finally {
    // Tickets keep a form that they have: it is only taken out of use.
    for (const path of made) await admin.request.patch(path, { data: { active: false } })
  }
}

export const messagesOf = async (
  page: { request: APIRequestContext },
  id: number,
): Promise<{ kind: string; body_text: string }[]> =>
  (await (await page.request.get(`/api/tickets/${id}/messages`)).json()).items

/** What has been said on a ticket since it was made. */
export const sentTo = async (page: Page, id: number) =>
  (await messagesOf(page, id)).filter(({ body_text }) => !body_text.startsWith('About:'))

export const sendNow = (page: Page) => page.getByRole('button', { name: 'Send now' }).click()

export async function openTicket(page: Page, id: number) {
  await page.goto(`/tickets/${id}`)
  await expect(page.getByRole('region', { name: `Ticket ${id}` })).toBeVisible()
}

/** Its reader comes back to the page after a while: what the API answers at this path is read anew. */
export async function readAnew(page: Page, path: string) {
  const read = page.waitForResponse((reply) => new URL(reply.url()).pathname === path && reply.ok())
  await page.evaluate(() => {
    const now = Date.now
    Date.now = () => now() + 60_000
    window.dispatchEvent(new Event('visibilitychange'))
  })
  await read
}

export const editor = (page: Page, name: 'Reply' | 'Internal note') => page.getByRole('textbox', { name })

/** Holds this page's changes on their way, unaltered, so that somebody else is faster. */
export async function holdChanges(page: Page) {
  let open = () => {}
  const gate = new Promise<void>((resolve) => {
    open = resolve
  })
  let released = false
  let arrived = () => {}
  const waiting = new Promise<void>((resolve) => {
    arrived = resolve
  })
  const hold = async (route: Route) => {
    const { pathname } = new URL(route.request().url())
    if (!released && (route.request().method() === 'PATCH' || /\/(solve|reopen)$/.test(pathname))) {
      arrived()
      await gate
    }
    await route.continue()
  }
  await page.route('**/api/tickets/**', hold)
  return {
    /** The page has sent something, and it is held. */
    waiting,
    release: () => {
      released = true
      open()
    },
  }
}

/** A long list takes axe its time. */
const PATIENT = { timeout: 60_000 }

/** Rules that axe has and leaves off by itself: of WCAG 2.2 AA, and of AAA. */
const MORE_RULES = ['target-size', 'identical-links-same-purpose', 'meta-refresh-no-exceptions']

/** No finding of any weight on what is shown; `coloursAlone` where the rest has been looked at in another theme. */
export async function expectClean(page: Page, coloursAlone = false) {
  // Overlays fade in and notices fade out, some of them while axe looks; half-drawn text has half the contrast.
  await expect
    .poll(async () => {
      await page.evaluate(() => Promise.all(document.getAnimations().map((each) => each.finished.catch(() => null))))
      // The contrast of AAA is for those who ask for more.
      const contrast = await page.evaluate(() => document.documentElement.dataset.contrast === 'more')
      const colours = contrast ? ['color-contrast', 'color-contrast-enhanced'] : ['color-contrast']
      const { violations } = await new AxeBuilder({ page })
        .options(
          coloursAlone
            ? { runOnly: { type: 'rule', values: [...colours, 'link-in-text-block'] } }
            : { rules: Object.fromEntries([...MORE_RULES, ...colours].map((rule) => [rule, { enabled: true }])) },
        )
        .exclude('[data-base-ui-focus-guard]')
        .analyze()
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join('\n')}`)
    }, PATIENT)
    .toEqual([])
}

/** A line to the server that can be cut and mended, as networks are. */
export async function cuttableLine() {
  const { hostname, port } = new URL(BASE)
  const sockets = new Set<Socket>()
  let cut = false
  const server = createServer((near) => {
    if (cut) {
      near.destroy()
      return
    }
    const far = connect(Number(port), hostname)
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
      one.pipe(other)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut: () => {
      cut = true
      for (const socket of sockets) socket.destroy()
    },
    mend: () => {
      cut = false
    },
    close: () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

/**
 * What is drawn wrongly: how far the page scrolls sideways, controls and headings that stick out of it, and those that
 * lie under something else. What its own scroller hides is fine.
 */
export const misdrawn = (page: Page) =>
  page.evaluate(() => {
    const told = (each: Element) => each.outerHTML.slice(0, 120)
    const inSight = (each: Element) => {
      const { left, top, right, bottom } = each.getBoundingClientRect()
      const seen = { left, top, right, bottom }
      for (let around = each.parentElement; around; around = around.parentElement) {
        if (getComputedStyle(around).overflow === 'visible') continue
        const box = around.getBoundingClientRect()
        seen.left = Math.max(seen.left, box.left)
        seen.top = Math.max(seen.top, box.top)
        seen.right = Math.min(seen.right, box.right)
        seen.bottom = Math.min(seen.bottom, box.bottom)
      }
      return seen
    }
    const shown = [
      ...document.querySelectorAll<HTMLElement>('main :is(button, a, input, select, textarea, h1, h2)'),
    ].filter(
      (each) =>
        each.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
        each.getBoundingClientRect().width > 1,
    )
    const outside = shown.filter((each) => {
      const { left, right } = each.getBoundingClientRect()
      return left < -1 || right > innerWidth + 1
    })
    const covered = shown.filter((each) => {
      const { left, top, right, bottom } = inSight(each)
      // Cut off by its scroller: what is left of it may end below the next thing.
      if (right - left < 4 || bottom - top < 4) return false
      const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2)
      // What scrolls goes below a bar that stays.
      for (let above = hit; above; above = above.parentElement)
        if (getComputedStyle(above).position === 'sticky') return false
      return hit !== null && !each.contains(hit) && !hit.contains(each) && !hit.closest('label, a[data-row]')
    })
    return {
      sideways: document.documentElement.scrollWidth - innerWidth,
      outside: outside.map(told),
      covered: covered.map(told),
    }
  })

export const WELL_DRAWN = { sideways: 0, outside: [], covered: [] }

/** For how long in this browser a message, and what else is held, can be taken back. */
export const takeBackFor = (page: Page, seconds: number) =>
  page.evaluate((chosen) => localStorage.setItem('undo-send-seconds', String(chosen)), seconds)
