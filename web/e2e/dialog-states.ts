/** What opens over a page: menus, dialogs and the sheets of a phone. For accessible.spec.ts, as states.ts. */
import { expect, type Page } from '@playwright/test'
import type { State } from './states'
import { changeTicket, colleague, holdChanges, makeTicket, openTicket } from './support'

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

const headers = { 'x-requested-with': 'autocrm' }

async function add(page: Page, path: string, data: object): Promise<{ id: number }> {
  const reply = await page.request.post(path, { headers, data })
  expect(reply.status(), await reply.text()).toBe(201)
  return reply.json()
}

const somebody = (page: Page, name: string) =>
  add(page, '/api/users', { role: 'customer', name, email: `barriers.${Date.now()}@people.example` })

const adding = (path: string, button: string): State => ({
  name: `the dialog “${button}”`,
  show: async (page) => {
    await page.goto(path)
    await page.getByRole('button', { name: button }).first().click()
    await page.getByRole('button', { name: 'Create', exact: true }).click()
    await expect(page.getByRole('dialog').getByRole('alert').first()).toBeVisible()
  },
})

const onPhone = async (page: Page) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await openTicket(page, await makeTicket(page, 'Held in one hand', { tags: ['reading'] }))
}

export const DIALOGS: State[] = [
  {
    name: 'the Display menu',
    show: async (page) => {
      await page.getByRole('button', { name: 'Display' }).click()
      await expect(page.getByRole('dialog', { name: 'Display' })).toBeVisible()
    },
  },
  {
    name: 'the menu of a row',
    show: async (page) => {
      await page.locator('[data-ticket]').first().click({ button: 'right' })
      await expect(page.getByRole('dialog', { name: /^Actions for ticket/ })).toBeVisible()
    },
  },
  {
    name: 'the menu of a ticket',
    show: async (page) => {
      await openTicket(page, await makeTicket(page, 'All that can be done'))
      await page.getByRole('button', { name: 'More for this ticket' }).click()
      await expect(page.getByRole('menu').getByRole('menuitem').first()).toBeVisible()
    },
  },
  {
    name: 'a conflict',
    show: async (page) => {
      const id = await makeTicket(page, 'Two say what it is about')
      await openTicket(page, id)
      const held = await holdChanges(page)
      await page.getByRole('button', { name: /^Priority: / }).click()
      await page.getByRole('option', { name: 'Urgent' }).click()
      await held.waiting
      await changeTicket(await colleague(), id, { priority: 'high' })
      held.release()
      await expect(page.getByRole('alert')).toContainText('Priya Raman changed this at the same time as you')
    },
  },
  adding('/customers', 'New person'),
  adding('/organizations', 'New organization'),
  {
    name: 'the dialog of a new record',
    show: async (page) => {
      const admin = await colleague('admin@demo.test')
      const key = `thing_${Date.now()}`
      const data = { key, name: 'Thing', plural_name: 'Things' }
      const reply = await admin.request.post('/api/object-types', { headers, data })
      expect(reply.status(), await reply.text()).toBe(201)
      await page.goto(`/objects/${key}`)
      await page.getByRole('button', { name: 'New Thing' }).first().click()
      await page.getByRole('button', { name: 'Create', exact: true }).click()
      await expect(page.getByRole('dialog').getByRole('alert').first()).toBeVisible()
    },
  },
  {
    name: 'a picture in the viewer',
    show: async (page) => {
      await openTicket(page, await makeTicket(page, 'Look at this'))
      await page.keyboard.press('n')
      await expect(page.getByRole('toolbar', { name: 'Format' })).toBeVisible()
      const chooser = page.waitForEvent('filechooser')
      await page.getByRole('button', { name: 'Attach files' }).click()
      await (await chooser).setFiles([{ name: 'seen.png', mimeType: 'image/png', buffer: PNG }])
      await expect(page.getByRole('list', { name: 'Attached files' })).toContainText('seen.png')
      await page.getByRole('textbox', { name: 'Internal note' }).press('Control+Enter')
      await page.getByRole('button', { name: 'Open seen.png' }).click()
      await expect(page.getByRole('dialog', { name: 'Images' }).getByRole('img')).toBeVisible()
    },
  },
  {
    name: 'the merge of two customers',
    show: async (page) => {
      // Found by the family name that they share.
      const name = `Mira${Date.now()}`
      await somebody(page, `Kept ${name}`)
      const { id } = await somebody(page, `Gone ${name}`)
      await page.goto(`/customers/${id}`)
      await page.getByRole('button', { name: 'Merge…' }).click()
      await page.getByRole('option', { name: `Kept ${name}` }).click()
      await page.getByRole('button', { name: 'Continue' }).click()
      await expect(page.getByRole('button', { name: 'Merge permanently' })).toBeVisible()
    },
  },
  {
    name: 'a page that is not there',
    show: async (page) => {
      await page.goto('/customers/99999999')
      await expect(page.getByRole('heading', { level: 1, name: 'No such person' })).toBeVisible()
    },
  },
  {
    name: 'a phone with the details of a ticket',
    show: async (page) => {
      await onPhone(page)
      await page.getByRole('button', { name: 'More for this ticket' }).click()
      await page.getByRole('menuitem', { name: 'Show the details' }).click()
      await expect(page.getByRole('dialog', { name: 'About this ticket' })).toBeVisible()
    },
  },
  {
    name: 'a phone with the menu of a row',
    show: async (page) => {
      await page.setViewportSize({ width: 390, height: 844 })
      await page.locator('[data-ticket]').first().getByRole('gridcell').first().dispatchEvent('contextmenu')
      await expect(page.getByRole('dialog', { name: /^Actions for ticket/ })).toBeVisible()
    },
  },
  {
    name: 'a phone with the choice of a filter',
    show: async (page) => {
      await page.setViewportSize({ width: 390, height: 844 })
      await page.getByRole('button', { name: 'Priority', exact: true }).click()
      await expect(page.getByRole('option', { name: 'Urgent' })).toBeVisible()
    },
  },
]
