import { type Browser, type BrowserContextOptions, expect, type Locator, type Page } from '@playwright/test'
import { BASE } from './desks'
import { changeTicket, colleague, cuttableLine, expectClean, makeTicket, openTicket, signIn, withForm } from './support'
import { test } from './test'

const headers = { 'x-requested-with': 'autocrm' }

/** A browser that speaks German, whatever its person has chosen: their other pages stay as they are. */
async function german(
  browser: Browser,
  email: string,
  baseURL: string,
  options: BrowserContextOptions = {},
): Promise<Page> {
  const page = await (await browser.newContext({ ...options, baseURL, locale: 'de-DE' })).newPage()
  await page.addInitScript(() => {
    localStorage.setItem('language', 'de')
    sessionStorage.setItem('language-tried', 'en')
  })
  await page.goto('/')
  await page.getByLabel('E-Mail').fill(email)
  await page.getByLabel('Passwort').fill('autocrm-demo')
  await page.getByRole('button', { name: 'Anmelden' }).click()
  await expect(page.locator('[data-ticket]').first()).toBeVisible()
  return page
}

test('notices and acts that wait are worded in German, by the labels that the desk has', async ({ browser }) => {
  const admin = await colleague('admin@demo.test')
  const made = await admin.request.post('/api/statuses', {
    data: { key: `bank_${Date.now()}`, label: 'Bei der Bank', category: 'on_hold', position: 900 },
  })
  expect(made.status(), await made.text()).toBe(201)
  const own = await made.json()
  const line = await cuttableLine()
  try {
    const page = await german(browser, 'maya@demo.test', line.url)
    const id = await makeTicket(page, 'Was steht in der Meldung?')
    await openTicket(page, id)
    const choose = async (property: RegExp, value: string) => {
      await page.getByRole('button', { name: property }).click()
      await page.getByRole('option', { name: value }).click()
    }
    const notice = (text: string) => page.locator('[data-sonner-toast]').filter({ hasText: text })
    await choose(/^Priorität: /, 'Dringend')
    await expect(notice(`Priorität von #${id} auf Dringend gesetzt`)).toBeVisible()
    await choose(/^Status: /, 'Bei der Bank')
    await expect(notice(`#${id} auf Bei der Bank gesetzt`)).toBeVisible()
    await choose(/^Art: /, 'Störung')
    await expect(notice(`Art von #${id} auf Störung gesetzt`)).toBeVisible()
    await choose(/^Team: /, 'Payments')
    await expect(notice(`#${id} an Payments übergeben`)).toBeVisible()
    await expect(page.getByText('Art von Frage auf Störung geändert')).toBeVisible()
    await page.waitForLoadState('networkidle')
    line.cut()
    const bar = page.getByRole('status', { name: 'Verbindung' })
    await choose(/^Priorität: /, 'Hoch')
    await choose(/^Status: /, 'Wartend')
    await expect(bar.getByRole('listitem')).toContainText([
      `Priorität von #${id} auf Hoch gesetzt`,
      `#${id} auf Wartend gesetzt`,
    ])
    line.mend()
    await expect(bar.getByRole('listitem')).toHaveCount(0)
  } finally {
    line.close()
    await admin.request.patch(`/api/statuses/${own.id}`, { headers, data: { active: false } })
  }
})

test('in German, numbers and days are typed, shown and limited in the German form', async ({ browser }) => {
  const mark = `g${Date.now()}`
  const [price, seats, day] = [`${mark}_price`, `${mark}_seats`, `${mark}_day`]
  const fields = [
    { key: price, label: 'Preis', type: 'decimal', config: { max: 5000.5 } },
    { key: seats, label: 'Plätze', type: 'integer' },
    { key: day, label: 'Lieferung', type: 'date' },
  ]
  await withForm(fields, [{ field: price }, { field: seats }, { field: day }], async (form) => {
    const page = await german(browser, 'maya@demo.test', BASE)
    await page.route('**/api/me', async (route) => {
      const answer = await route.fetch()
      await route.fulfill({ response: answer, json: { ...(await answer.json()), locale: 'de' } })
    })
    const id = await makeTicket(page, 'Was kostet das?', { form_id: form, team_id: 1 })
    await openTicket(page, id)
    const is = (key: string) =>
      expect.poll(async () => (await (await page.request.get(`/api/tickets/${id}`)).json()).custom[key] ?? null)
    const type = async (label: string, text: string) => {
      await page.getByLabel(label).fill(text)
      await page.getByLabel(label).press('Enter')
    }
    await type('Preis', '1.234,50')
    await expect(page.getByLabel('Preis')).toHaveValue('1234,5')
    await is(price).toBe(1234.5)
    await type('Preis', '1234.75')
    await is(price).toBe(1234.75)
    await type('Preis', '12.500')
    await expect(page.getByLabel('Preis')).toHaveAccessibleDescription(/12\.500 liegt über dem größten Wert 5\.000,5/)
    await type('Preis', '2.500')
    await is(price).toBe(2500)
    await type('Plätze', '1.234')
    await is(seats).toBe(1234)
    await type('Lieferung', '27.11.2027')
    await is(day).toBe('2027-11-27')
    await expect(page.getByLabel('Lieferung')).toHaveValue('27.11.2027')
    await page.getByRole('button', { name: 'Kalender öffnen' }).click()
    await expect(page.getByRole('button', { name: 'Samstag, 27. November 2027' })).toBeFocused()
    await expectClean(page)
    await page.keyboard.press('Escape')
    await type('Lieferung', 'morgen')
    await expect(page.getByLabel('Lieferung')).toHaveValue(/^\d\d\.\d\d\.\d{4}$/)
  })
})

/** Texts in here of which a part is not seen. */
const cutIn = (root: Locator) =>
  root.evaluate((box) =>
    [box, ...box.querySelectorAll<HTMLElement>('*')]
      .filter((each) => [...each.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim()))
      .filter((each) => each.checkVisibility({ visibilityProperty: true }) && !each.closest('.sr-only'))
      .filter((each) => {
        const range = document.createRange()
        range.selectNodeContents(each)
        const text = range.getBoundingClientRect()
        const around = (each.closest('button, a') ?? box).getBoundingClientRect()
        return each.scrollWidth > each.clientWidth || text.left < around.left - 0.5 || text.right > around.right + 0.5
      })
      .map((each) => each.textContent),
  )

for (const width of [390, 360])
  test(`in German, every word of the bars of a phone is whole at ${width} pixels`, async ({ browser }) => {
    const page = await german(browser, 'maya@demo.test', BASE, { viewport: { width, height: 780 }, hasTouch: true })
    expect(await cutIn(page.getByRole('navigation', { name: 'Hauptnavigation' }))).toEqual([])
    expect(await cutIn(page.getByRole('note').filter({ hasText: 'wischen' }))).toEqual([])
    const id = await makeTicket(page, 'Passt das?')
    const priya = await signIn(browser, 'priya@demo.test')
    await openTicket(priya, id)
    await page.goto(`/tickets/${id}`)
    const bar = page.getByRole('toolbar', { name: 'Aktionen' })
    await expect(bar).toBeVisible()
    expect(await cutIn(bar)).toEqual([])
    const presence = page.getByRole('status').filter({ hasText: 'sieht sich' })
    await expect(presence).toBeVisible()
    expect(await cutIn(presence)).toEqual([])
    expect((await presence.boundingBox())?.height).toBeLessThanOrEqual(24)
    await bar.getByRole('button', { name: 'Antworten' }).click()
    const writing = page.getByRole('dialog', { name: 'Schreiben' })
    await expect(writing.getByRole('textbox', { name: 'Antwort' })).toBeVisible()
    expect(await cutIn(writing.getByRole('tablist'))).toEqual([])
    for (const button of await writing.getByRole('button').all()) expect(await cutIn(button)).toEqual([])
    await page.goBack()
    await changeTicket(page, id, { status: 'solved' })
    await expect(bar.getByRole('button', { name: 'Wieder öffnen' })).toBeVisible()
    expect(await cutIn(bar)).toEqual([])
  })

test('what German makes longer keeps its place: the buttons of a merge, and the keys of the list of macros', async ({
  browser,
}) => {
  for (const options of [{}, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }]) {
    const page = await german(browser, 'priya@demo.test', BASE, options)
    const word = `Doppelt${Date.now()}`
    const id = await makeTicket(page, `${word} gemeldet`)
    await makeTicket(page, `Re: ${word} gemeldet`)
    await openTicket(page, id)
    await page.keyboard.press('Shift+M')
    const dialog = page.getByRole('dialog').last()
    await dialog.getByRole('checkbox').first().check()
    const middles = async (names: RegExp[]) =>
      Promise.all(
        names.map(async (name) => {
          const box = await dialog.getByRole('button', { name }).filter({ visible: true }).last().boundingBox()
          return Math.round((box?.y ?? 0) + (box?.height ?? 0) / 2)
        }),
      )
    const [cancel, go] = await middles([/^Abbrechen/, /^(1 Ticket zusammenführen|Ergebnis ansehen)/])
    expect(go).toBeGreaterThan(0)
    expect(go).toBe(cancel)
    await page.keyboard.press('Escape')
    if ('isMobile' in options) continue
    const own = await page.request.post('/api/macros', {
      headers,
      data: { name: word, scope: 'private', message_kind: 'reply', body_text: 'Danke.' },
    })
    expect(own.status(), await own.text()).toBe(201)
    await openTicket(page, id)
    await page.keyboard.press('m')
    await expect(page.getByRole('textbox', { name: 'Antwort' })).toHaveText('/')
    await page.keyboard.type(word)
    const edit = page.getByText(/^F2\s*bearbeiten$/)
    await expect(edit).toBeVisible()
    const list = page.getByRole('listbox', { name: 'Makros' })
    const [keys, column] = await Promise.all([edit.boundingBox(), list.boundingBox()])
    expect((keys?.x ?? 0) + (keys?.width ?? 0)).toBeLessThanOrEqual((column?.x ?? 0) + (column?.width ?? 0))
    await expectClean(page)
  }
})
