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

/** The languages that customers write most. */
export const COMMON_LANGUAGES =
  'ar bg cs da de el en es et fa fi fr he hi hr hu id it ja ko lt lv ms nl no pl pt pt-BR ro ru sk sl sr sv th tr uk vi zh zh-TW'.split(
    ' ',
  )

const names = new Intl.DisplayNames(language, { type: 'language' })

/** How a language is called in the reader's own; a code that names none as it is. */
export function languageName(code: string): string {
  const locale = localeOf(code)
  return (locale && names.of(locale)) || code
}
