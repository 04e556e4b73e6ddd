/** Locales and languages as people and other programs write them: never a reason for a page to fail. */
import { language } from './messages'

/** `de_DE` as browsers write it, `de-DE`; undefined for what is no locale. */
export function localeOf(written: string | undefined): string | undefined {
  try {
    return written ? Intl.getCanonicalLocales(written.trim().replaceAll('_', '-'))[0] : undefined
  } catch {
    return undefined
  }
}

const names = new Intl.DisplayNames(language, { type: 'language' })

/** How a language is called in the reader's own; a code that names none as it is. */
export function languageName(code: string): string {
  const locale = localeOf(code)
  return (locale && names.of(locale)) || code
}
