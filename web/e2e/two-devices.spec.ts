import { type Browser, expect, type Page } from '@playwright/test'
import { editor, expectClean, makeTicket, openTicket, sendNow, sentTo, signIn } from './support'
import { test } from './test'

const others = (page: Page) => page.getByRole('region', { name: 'Other versions of this draft' })

/** One and the same person on another device, which has not heard of what is written here. */
async function onDevice(browser: Browser, id?: number) {
  const page = await signIn(browser, 'maya@demo.test')
  if (id === undefined) return page
  await openTicket(page, id)
  await page.keyboard.press('r')
  await expect(editor(page, 'Reply')).toBeFocused()
  return page
}

const isSaved = (page: Page) => expect(page.getByText('Draft saved')).toBeVisible()

test('what two devices write of one reply is kept on both: it is read, used and discarded', async ({ browser }) => {
  const maker = await onDevice(browser)
  const id = await makeTicket(maker, 'Begun twice')
  const phone = await onDevice(browser, id)
  const desktop = await onDevice(browser, id)
  await editor(phone, 'Reply').fill('From the phone')
  await isSaved(phone)
  await editor(desktop, 'Reply').fill('From the desktop')
  await expect(others(desktop)).toContainText('1 other version')
  await others(desktop).getByRole('button', { name: 'Show' }).click()
  await expect(others(desktop).getByRole('listitem')).toContainText('From the phone')
  await expect(editor(desktop, 'Reply')).toHaveText('From the desktop')
  await expectClean(desktop)

  // The other one writes on, and learns of it by that.
  await editor(phone, 'Reply').press('End')
  await phone.keyboard.type(', and more')
  await expect(others(phone)).toContainText('1 other version')
  await expect(editor(phone, 'Reply')).toHaveText('From the phone, and more')
  await others(phone).getByRole('button', { name: 'Show' }).click()
  await expect(others(phone).getByRole('listitem')).toHaveText([/^From the desktop/])

  // Loaded again, and signed in again, it is as it was.
  await desktop.reload()
  const third = await onDevice(browser, id)
  for (const page of [desktop, third]) {
    await expect(editor(page, 'Reply')).toHaveText('From the phone, and more')
    await expect(others(page)).toContainText('1 other version')
  }
  await others(third).getByRole('button', { name: 'Show' }).click()
  await others(third).getByRole('button', { name: 'Use this text' }).click()
  await expect(editor(third, 'Reply')).toHaveText('From the desktop')
  await others(third).getByRole('button', { name: 'Show' }).click()
  await expect(others(third).getByRole('listitem')).toHaveText([/^From the phone, and more/])
  await isSaved(third)

  await phone.reload()
  await expect(editor(phone, 'Reply')).toHaveText('From the desktop')
  await others(phone).getByRole('button', { name: 'Show' }).click()
  await others(phone).getByRole('button', { name: 'Discard' }).click()
  await expect(others(phone)).toHaveCount(0)
  const { items } = await (await phone.request.get('/api/drafts')).json()
  expect(items.find((draft: { ticket_id: number }) => draft.ticket_id === id).others).toEqual([])
  await desktop.reload()
  await expect(editor(desktop, 'Reply')).toHaveText('From the desktop')
  await expect(others(desktop)).toHaveCount(0)
})

test('what another device has written on is not lost when the reply is sent from here', async ({ browser }) => {
  const maker = await onDevice(browser)
  const id = await makeTicket(maker, 'Sent from one of two')
  const desktop = await onDevice(browser, id)
  await editor(desktop, 'Reply').fill('Dear Naomi')
  await isSaved(desktop)
  const phone = await onDevice(browser, id)
  await expect(editor(phone, 'Reply')).toHaveText('Dear Naomi')
  await editor(phone, 'Reply').press('End')
  await phone.keyboard.type(', it is on its way')
  await isSaved(phone)

  await editor(desktop, 'Reply').press('Control+Enter')
  await expect(editor(desktop, 'Reply')).toHaveText('Dear Naomi, it is on its way')
  await sendNow(desktop)
  await expect.poll(async () => (await sentTo(desktop, id)).map(({ body_text }) => body_text)).toEqual(['Dear Naomi'])
  await desktop.reload()
  await expect(editor(desktop, 'Reply')).toHaveText('Dear Naomi, it is on its way')
})

test('other versions of a reply that was sent stay until they are discarded', async ({ browser }) => {
  const maker = await onDevice(browser)
  const id = await makeTicket(maker, 'Sent, and one is left')
  const phone = await onDevice(browser, id)
  const desktop = await onDevice(browser, id)
  await editor(phone, 'Reply').fill('What nobody has sent')
  await isSaved(phone)
  await editor(desktop, 'Reply').fill('What was sent')
  await expect(others(desktop)).toContainText('1 other version')
  await editor(desktop, 'Reply').press('Control+Enter')
  await sendNow(desktop)
  await expect.poll(async () => (await sentTo(desktop, id)).length).toBe(1)
  await desktop.reload()
  await expect(editor(desktop, 'Reply')).toHaveText('')
  await others(desktop).getByRole('button', { name: 'Show' }).click()
  await others(desktop).getByRole('button', { name: 'Use this text' }).click()
  await expect(editor(desktop, 'Reply')).toHaveText('What nobody has sent')
  await expect(others(desktop)).toHaveCount(0)
})
