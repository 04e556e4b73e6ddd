import type { Locator } from '@playwright/test'

/** Draws something aside by so many pixels, with one finger. */
export const swipe = (over: Locator, by: number) =>
  over.evaluate((target, pixels) => {
    const box = target.getBoundingClientRect()
    const fire = (type: string, x: number) => {
      const touch = new Touch({ identifier: 1, target, clientX: x, clientY: box.y + 40 })
      const touches = type === 'touchend' ? [] : [touch]
      target.dispatchEvent(new TouchEvent(type, { touches, changedTouches: [touch], bubbles: true, cancelable: true }))
    }
    const from = box.x + box.width / 2
    fire('touchstart', from)
    for (let step = 1; step <= 8; step++) fire('touchmove', from + (pixels * step) / 8)
    fire('touchend', from + pixels)
  }, by)
