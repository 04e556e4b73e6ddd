import { Picker } from '@/components/picker/picker'
import { setLanguage } from '@/desk/ticket-changes'
import { COMMON_LANGUAGES, languageName } from '@/lib/locale'
import { language as ours } from '@/lib/messages'
import { useOpenMenu, useOpenTicket } from '../ticket-context'
import { t } from './messages'
import { Value } from './property'

/** In what language the customer writes; routing asks for it. */
export function LanguageField() {
  const { ticket, apply, refusals } = useOpenTicket()
  const { language } = ticket
  const shown = language ? languageName(language) : t.noLanguage
  const codes = language && !COMMON_LANGUAGES.includes(language) ? [language, ...COMMON_LANGUAGES] : COMMON_LANGUAGES
  return (
    <>
      <Picker
        label={t.names.language ?? ''}
        {...useOpenMenu('language')}
        trigger={
          <Value dim={!language} aria-label={t.is(t.names.language ?? '', shown)}>
            {shown}
          </Value>
        }
        options={[
          ...codes
            .map((code) => ({ key: code, label: languageName(code), hint: code, chosen: code === language }))
            .sort((one, other) => one.label.localeCompare(other.label, ours)),
          ...(language ? [{ key: '', label: t.noLanguage }] : []),
        ]}
        onPick={({ key }) => key !== (language ?? '') && void apply(setLanguage(key || null))}
      />
      {refusals.language && (
        <span role="alert" className="block px-1.5 text-[12px] leading-4 text-danger">
          {t.fieldProblem(t.names.language ?? '', refusals.language.message)}
        </span>
      )}
    </>
  )
}
