import { expect, test } from 'vitest'

type Texts = Record<string, { default: object }>

const english = import.meta.glob('../src/**/messages/en.ts', { eager: true }) as Texts
const german = import.meta.glob('../src/**/messages/de.ts', { eager: true }) as Texts

/** The texts of a language by their path, functions included. */
const paths = (texts: object = {}, at = ''): string[] =>
  Object.entries(texts).flatMap(([key, value]) =>
    typeof value === 'object' && value ? paths(value, `${at}${key}.`) : [`${at}${key}`],
  )

test('every text stands in every language, and none stands in one alone', () => {
  expect(Object.keys(english).length).toBeGreaterThan(0)
  for (const [path, { default: texts }] of Object.entries(english))
    expect(paths(german[path.replace(/en\.ts$/, 'de.ts')]?.default).sort(), path).toEqual(paths(texts).sort())
})

/** The texts of a language; of functions their source. */
const words = (texts: object): string[] =>
  Object.values(texts).flatMap((value) =>
    typeof value === 'object' && value
      ? words(value)
      : [typeof value === 'function' ? value.toString() : String(value)],
  )

test('in German a space stands before dots that stand for words left out', () => {
  const tight = Object.values(german).flatMap(({ default: texts }) =>
    words(texts).filter((text) => /[\p{L}}]…/u.test(text)),
  )
  expect(tight).toEqual([])
})
