/**
 * The texts of the interface, as typed values and functions in the reader's language. English comes with the code that
 * shows it and says which texts exist; every other language is loaded only by those who read it.
 */
export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const

export type Language = keyof typeof LANGUAGES

const STORED = 'language'

const isLanguage = (value: unknown): value is Language => typeof value === 'string' && Object.hasOwn(LANGUAGES, value)

/** The language of a locale such as `de-AT` or `de_AT`, if the interface has it. */
export const languageOf = (locale: string): Language | undefined =>
  [locale.trim().toLowerCase().split(/[-_]/)[0]].find(isLanguage)

function preferred(): Language {
  const stored = globalThis.localStorage?.getItem(STORED)
  const wished = [stored ?? '', ...(globalThis.navigator?.languages ?? [])]
  return wished.map(languageOf).find((each) => each !== undefined) ?? 'en'
}

/** The language of this page; it changes only by loading the page anew. */
export const language: Language = preferred()

/** Languages that are written from right to left: none is complete yet, the interface is ready for one. */
const RIGHT_TO_LEFT = ['ar', 'fa', 'he', 'ur']

/** `?dir=rtl` turns the interface around in this tab, to look at it before there is such a language. */
function directionOf(): 'ltr' | 'rtl' {
  if (!globalThis.sessionStorage || !globalThis.location) return 'ltr'
  const asked = new URLSearchParams(location.search).get('dir')
  if (asked === 'rtl' || asked === 'ltr') sessionStorage.setItem('dir', asked)
  const chosen = sessionStorage.getItem('dir')
  if (chosen === 'rtl' || chosen === 'ltr') return chosen
  return RIGHT_TO_LEFT.includes(language) ? 'rtl' : 'ltr'
}

export const direction = directionOf()

if (globalThis.document) Object.assign(document.documentElement, { lang: language, dir: direction })

/** Chooses the language of the interface in this browser. */
export function chooseLanguage(next: Language) {
  localStorage.setItem(STORED, next)
  if (next !== language) location.reload()
}

/** Somebody has a language of their own: the page speaks it from then on, in every browser they log in to. */
export function followLocale(locale: string) {
  const spoken = languageOf(locale)
  // Once for each: a browser that keeps nothing must not load the page for ever.
  if (!spoken || spoken === language || sessionStorage.getItem('language-tried') === spoken) return
  sessionStorage.setItem('language-tried', spoken)
  chooseLanguage(spoken)
}

/** The same texts with other words: a translation that lacks one does not compile. */
export type Translation<T> = {
  [K in keyof T]: T[K] extends string
    ? string
    : T[K] extends (...args: infer A) => string
      ? (...args: A) => string
      : Translation<T[K]>
}

type Others<T> = { [L in Exclude<Language, 'en'>]: () => Promise<{ default: Translation<T> }> }

/** `export const t = await messages(en, { de: () => import('./de') })`, once in each feature. */
export async function messages<const T extends object>(en: T, others: Others<T>): Promise<Translation<T>> {
  const own = en as Translation<T>
  if (language === 'en') return own
  // A text in English serves better than a page that does not come.
  return others[language]().then(
    (translation) => translation.default,
    () => own,
  )
}

const rules = new Intl.PluralRules(language)

/** The form of a word that belongs to a number: `plural(2, 'ticket', 'tickets')`. */
export const plural = (count: number, one: string, other: string) => (rules.select(count) === 'one' ? one : other)

// No digit that is there is left out.
const numbers = new Intl.NumberFormat(language, { maximumFractionDigits: 20 })

/** A number with the separators of the reader's language. */
export const number = (value: number) => numbers.format(value)
