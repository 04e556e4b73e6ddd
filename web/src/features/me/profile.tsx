import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { FormEvent } from 'react'
import { Button } from '@/components/ui/button'
import { CONTROL, Field } from '@/components/ui/field'
import { Told } from '@/components/ui/told'
import { runCommand } from '@/desk/commands'
import { meQuery, useUpdateMe } from '@/desk/me'
import { SettingsPage, SettingsSection } from '@/desk/settings-page'

import { problemAt, type Schemas } from '@/lib/api/client'
import { langOf } from '@/lib/api/told'
import { chooseLanguage, LANGUAGES, languageOf } from '@/lib/messages'
import { useKept } from '@/lib/use-kept'
import { t } from './messages'
import { zonesByRegion } from './zones'

/** Name, phone, language, time zone and signature. */
export function Profile() {
  const { data: me } = useQuery(meQuery)
  return (
    <SettingsPage title={t.pages.profile}>
      {me && (
        // Where there is no room for the pane, whose foot has the account.
        <div className="flex flex-wrap gap-2 lg:hidden">
          <Link
            to="/settings/work"
            className="inline-flex h-11 items-center rounded-md border border-line bg-raised px-3 hover:bg-hover"
          >
            {t.availability.title}: {t.availability.states[me.availability]}
          </Link>
          <Button variant="chip" className="h-11" onClick={() => runCommand('log-out')}>
            {t.sessions.end}
          </Button>
        </div>
      )}
      {me && <ProfileForm me={me} />}
    </SettingsPage>
  )
}

const FIELDS = ['name', 'phone', 'locale', 'time_zone', 'signature'] as const
type Values = Record<(typeof FIELDS)[number], string>

const valuesOf = (me: Schemas['Me']): Values => ({
  name: me.name,
  phone: me.phone ?? '',
  // A region chosen elsewhere stays until another language is chosen here.
  locale: me.locale,
  time_zone: me.time_zone,
  signature: me.signature ?? '',
})

function ProfileForm({ me }: { me: Schemas['Me'] }) {
  const update = useUpdateMe({ quiet: true })
  const saved = valuesOf(me)
  // What is typed is there again when one has left the page without saving.
  const { value: typed, write, startOver } = useKept<Partial<Values>>('profile', {})
  const values = { ...saved, ...typed }
  const changed = FIELDS.filter((key) => values[key] !== saved[key])
  const set = (key: keyof Values) => (event: { target: { value: string } }) =>
    write({ ...typed, [key]: event.target.value })
  const problem = (key: keyof Values) => {
    const message = problemAt(update.error, key)
    return message && (langOf(message) ? message : t.profile.problem(message))
  }
  const save = (event: FormEvent) => {
    event.preventDefault()
    const body = Object.fromEntries(
      changed.map((key) => [key, values[key] === '' && key !== 'name' ? null : values[key]]),
    )
    update.mutate(body, {
      onSuccess: (after) => {
        startOver()
        const spoken = languageOf(after.locale)
        if (changed.includes('locale') && spoken) chooseLanguage(spoken)
      },
    })
  }
  return (
    <form onSubmit={save} className="space-y-9" noValidate>
      <SettingsSection title={t.profile.you}>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t.profile.name} hint={t.profile.nameHint} problem={problem('name')}>
            {(control) => (
              <input
                {...control}
                className={`${CONTROL} h-9`}
                dir="auto"
                autoComplete="name"
                maxLength={200}
                value={values.name}
                onChange={set('name')}
              />
            )}
          </Field>
          <Field label={t.profile.email} hint={t.profile.emailHint}>
            {(control) => <input {...control} className={`${CONTROL} h-9`} value={me.email ?? ''} readOnly />}
          </Field>
          <Field label={t.profile.phone} problem={problem('phone')}>
            {(control) => (
              <input
                {...control}
                type="tel"
                autoComplete="tel"
                className={`${CONTROL} h-9`}
                maxLength={64}
                value={values.phone}
                onChange={set('phone')}
              />
            )}
          </Field>
        </div>
      </SettingsSection>
      <SettingsSection title={t.profile.place} hint={t.profile.placeHint}>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t.profile.language} problem={problem('locale')}>
            {(control) => (
              <select
                {...control}
                className={`${CONTROL} h-9`}
                value={languageOf(values.locale) ?? ''}
                onChange={set('locale')}
              >
                {!languageOf(values.locale) && <option value="">{values.locale}</option>}
                {Object.entries(LANGUAGES).map(([key, name]) => (
                  <option key={key} value={key} lang={key}>
                    {name}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label={t.profile.zone} problem={problem('time_zone')}>
            {(control) => (
              <select {...control} className={`${CONTROL} h-9`} value={values.time_zone} onChange={set('time_zone')}>
                {zonesByRegion(values.time_zone).map(({ region, zones }) => (
                  <optgroup key={region} label={region}>
                    {zones.map((zone) => (
                      <option key={zone} value={zone}>
                        {zone.replaceAll('_', ' ')}
                      </option>
                    ))}
                  </optgroup>
                ))}
              </select>
            )}
          </Field>
        </div>
      </SettingsSection>
      <SettingsSection title={t.profile.signature}>
        <Field label={t.profile.signatureLabel} hint={t.profile.signatureHint} problem={problem('signature')}>
          {(control) => (
            <textarea
              {...control}
              rows={4}
              dir="auto"
              maxLength={4000}
              className={`${CONTROL} py-2 text-[14px] leading-[22px]`}
              value={values.signature}
              onChange={set('signature')}
            />
          )}
        </Field>
      </SettingsSection>
      {update.error && !FIELDS.some((key) => problemAt(update.error, key)) && (
        <p role="alert" className="text-danger-ink">
          <Told text={update.error.message} />
        </p>
      )}
      <div className="sticky bottom-0 flex items-center gap-2 border-t border-line bg-canvas py-3">
        <Button
          variant="primary"
          type="submit"
          className="max-md:h-11"
          disabled={update.isPending || changed.length === 0}
        >
          {t.save}
        </Button>
        {changed.length > 0 && (
          <Button className="max-md:h-11" onClick={startOver}>
            {t.discard}
          </Button>
        )}
      </div>
    </form>
  )
}
