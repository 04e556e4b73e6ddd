/**
 * What accessible.spec.ts looks at: pages, overlays, empty and error states. A feature adds its own here; each begins
 * at the queue of somebody who is signed in, and ends with the state on screen.
 */
import { expect, type Page } from '@playwright/test'
import { makeTicket, openTicket } from './support'

export interface State {
  name: string
  show: (page: Page) => Promise<void>
}

/** Every request of this path fails as a broken server's does. */
export const breakPath = (page: Page, path: string | RegExp) =>
  page.route(path, (route) =>
    route.fulfill({
      status: 500,
      contentType: 'application/problem+json',
      body: JSON.stringify({ status: 500, code: 'TK500', title: 'Error', detail: 'Something went wrong on our side' }),
    }),
  )

const settings = (path: string, heading: string): State => ({
  name: `settings: ${heading}`,
  show: async (page) => {
    await page.goto(`/settings/${path}`)
    await expect(page.getByRole('heading', { level: 1, name: heading })).toBeVisible()
    await page.waitForLoadState('networkidle')
  },
})

export const STATES: State[] = [
  {
    name: 'the queue with a selection and a preview',
    show: async (page) => {
      await page.keyboard.press('x')
      await expect(page.getByRole('toolbar', { name: 'Selected tickets' })).toBeVisible()
      await page.keyboard.press('Space')
      await expect(page.getByRole('complementary', { name: 'Preview' }).getByRole('article').first()).toBeVisible()
    },
  },
  {
    name: 'the palette',
    show: async (page) => {
      await page.keyboard.press('Control+k')
      await expect(page.getByRole('combobox', { name: 'Search tickets and commands' })).toBeFocused()
    },
  },
  {
    name: 'a ticket with a reply begun',
    show: async (page) => {
      await openTicket(page, await makeTicket(page, 'Can everybody read this?', { tags: ['reading'] }))
      await expect(page.getByRole('article').first()).toBeVisible()
      await page.keyboard.press('r')
      await expect(page.getByRole('textbox', { name: 'Reply' })).toBeFocused()
    },
  },
  {
    name: 'a new ticket that lacks something',
    show: async (page) => {
      await page.keyboard.press('c')
      await page.getByRole('button', { name: 'Create ticket' }).click()
      await expect(page.getByRole('alert').first()).toBeVisible()
    },
  },
  {
    name: 'the shortcuts',
    show: async (page) => {
      await page.keyboard.press('?')
      await expect(page.getByRole('searchbox', { name: 'Find a shortcut…' })).toBeFocused()
    },
  },
  {
    name: 'the notifications',
    show: async (page) => {
      await page.getByRole('button', { name: /^Notifications/ }).click()
      await expect(
        page.getByRole('region', { name: 'Notifications', exact: true }).getByRole('listitem').first(),
      ).toBeVisible()
    },
  },
  {
    name: 'no notification that is done',
    show: async (page) => {
      await page.route('**/api/me/notifications?*done=true*', (route) =>
        route.fulfill({ json: { items: [], next: null, unread: 0, unread_for_me: 0 } }),
      )
      await page.getByRole('button', { name: /^Notifications/ }).click()
      await page.getByRole('tab', { name: 'Done' }).click()
      await expect(page.getByText('Nothing done yet')).toBeVisible()
    },
  },
  {
    name: 'notifications that cannot be read',
    show: async (page) => {
      await breakPath(page, /\/api\/me\/notifications\?/)
      await page.getByRole('button', { name: /^Notifications/ }).click()
      await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible({ timeout: 20_000 })
    },
  },
  settings('profile', 'Profile'),
  settings('work', 'Availability and work'),
  settings('appearance', 'Appearance'),
  settings('notifications', 'Notifications'),
  settings('security', 'Password and sessions'),
  {
    name: 'numbers that cannot be read',
    show: async (page) => {
      await breakPath(page, '**/api/me/numbers')
      await page.goto('/settings/work')
      await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible({ timeout: 20_000 })
    },
  },
  {
    name: 'a refused profile',
    show: async (page) => {
      await page.goto('/settings/profile')
      await page.getByLabel('Name', { exact: true }).fill(' ')
      await page.getByRole('button', { name: 'Save' }).click()
      await expect(page.getByRole('alert')).toBeVisible()
    },
  },
  {
    name: 'an address that leads nowhere',
    show: async (page) => {
      await page.goto('/nowhere/at-all')
      await expect(page.getByRole('heading', { name: 'No such page' })).toBeVisible()
    },
  },
  {
    name: 'a desk that cannot be read',
    show: async (page) => {
      await breakPath(page, '**/api/me')
      await page.goto('/')
      await expect(page.getByRole('alert')).toContainText('Something went wrong', { timeout: 20_000 })
    },
  },
  {
    name: 'a phone with its views open',
    show: async (page) => {
      await page.setViewportSize({ width: 390, height: 844 })
      await page.getByRole('button', { name: 'All active' }).click()
      await expect(page.getByRole('dialog', { name: 'Views' })).toBeVisible()
    },
  },
  {
    name: 'a phone with the triage of a ticket open',
    show: async (page) => {
      await page.setViewportSize({ width: 390, height: 844 })
      await openTicket(page, await makeTicket(page, 'Where does this belong?', { tags: ['reading'] }))
      await page.getByRole('toolbar', { name: 'Actions' }).getByRole('button', { name: 'Triage' }).click()
      await expect(page.getByRole('dialog').getByRole('button', { name: 'reading', pressed: true })).toBeVisible()
      await page.getByRole('dialog').getByRole('button', { name: 'Me', exact: true }).click()
      await expect(page.getByRole('dialog').getByRole('button', { name: 'Me', pressed: true })).toBeVisible()
    },
  },
  {
    name: 'a phone',
    show: async (page) => {
      await page.setViewportSize({ width: 390, height: 844 })
      await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible()
    },
  },
]
