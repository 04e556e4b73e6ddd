/**
 * Hands that count: how many keys, clicks or taps a piece of work takes. A chord counts each of its keys. Letters that
 * find something, as in a list or the filter, are keys like all others; the words of answers, and the name and the
 * password at log-in, are counted apart, since nobody can spare those.
 */
import { expect, type Locator, type Page } from '@playwright/test'

export interface Count {
  keys: number
  clicks: number
  taps: number
  /** Letters of text. */
  letters: number
}

const NOTHING: Count = { keys: 0, clicks: 0, taps: 0, letters: 0 }

/** What the browser itself saw: it tells when something was done by other means than the test says. */
interface Seen {
  mouse: number
  touch: number
  /** Keys outside of fields. */
  keys: number
}

export class Hands {
  private count = { ...NOTHING }
  private readonly seen: Seen = { mouse: 0, touch: 0, keys: 0 }

  private constructor(readonly page: Page) {}

  static async on(page: Page): Promise<Hands> {
    const hands = new Hands(page)
    await page.exposeFunction('sawInput', (what: keyof Seen) => {
      hands.seen[what]++
    })
    await page.addInitScript(() => {
      const saw = (what: string) => (window as unknown as { sawInput: (what: string) => void }).sawInput(what)
      window.addEventListener(
        'pointerdown',
        ({ pointerType }) => saw(pointerType === 'touch' ? 'touch' : 'mouse'),
        true,
      )
      window.addEventListener(
        'keydown',
        ({ target }) => {
          const inField =
            target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea'))
          if (!inField) saw('keys')
        },
        true,
      )
    })
    return hands
  }

  /** Keys one after the other; `Control+Enter` are two. */
  async press(...chords: string[]) {
    for (const chord of chords) {
      this.count.keys += chord.split('+').length
      await this.page.keyboard.press(chord)
    }
  }

  /** Letters that find something. */
  async find(letters: string) {
    this.count.keys += letters.length
    await this.page.keyboard.type(letters)
  }

  /** Letters of a text. */
  async write(text: string) {
    this.count.letters += text.length
    await this.page.keyboard.type(text)
  }

  async click(target: Locator, options: Parameters<Locator['click']>[0] = {}) {
    this.count.clicks++
    await target.click(options)
  }

  async tap(target: Locator) {
    this.count.taps++
    await target.tap()
  }

  /** What a piece of work takes. */
  async during(work: () => Promise<void>): Promise<Count> {
    const before = { ...this.count }
    await work()
    const { keys, clicks, taps, letters } = this.count
    return {
      keys: keys - before.keys,
      clicks: clicks - before.clicks,
      taps: taps - before.taps,
      letters: letters - before.letters,
    }
  }

  get total(): Count {
    return { ...this.count }
  }

  /** Nothing was done by other means: by fingers and mice what is pressed, by keys what is not a field's. */
  async expectOnly(kind: 'keyboard' | 'mouse' | 'phone') {
    // Events are told one after the other; this one comes last.
    await this.page.evaluate(() => (window as unknown as { sawInput: (what: string) => void }).sawInput('none'))
    const { mouse, touch, keys } = this.seen
    const { clicks, taps } = this.count
    if (kind === 'keyboard') expect({ mouse, touch }).toEqual({ mouse: 0, touch: 0 })
    // The browser's driver presses again where something moved away under the mouse.
    if (kind === 'mouse') {
      expect({ touch, keys }).toEqual({ touch: 0, keys: 0 })
      expect(mouse).toBeGreaterThanOrEqual(clicks)
    }
    if (kind === 'phone') expect({ mouse, touch, keys }).toEqual({ mouse: 0, touch: taps, keys: 0 })
  }
}
