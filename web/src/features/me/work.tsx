import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { Button } from '@/components/ui/button'
import { CONTROL, Field } from '@/components/ui/field'
import { Segmented } from '@/components/ui/segmented'
import { AVAILABILITIES, type Availability, meQuery, useUpdateMe } from '@/desk/me'
import { SettingsPage, SettingsSection } from '@/desk/settings-page'
import type { Schemas } from '@/lib/api/client'
import { t } from './messages'
import { Numbers } from './numbers'
import { UndoSend } from './undo-send'

/** Whether one takes tickets now, how one sends, and what one has done. */
export function Work() {
  const { data: me } = useQuery(meQuery)
  return (
    <SettingsPage title={t.pages.work}>
      {me && <AvailabilityForm me={me} />}
      <UndoSend />
      <Numbers />
    </SettingsPage>
  )
}

function AvailabilityForm({ me }: { me: Schemas['Me'] }) {
  const update = useUpdateMe()
  const [reason, setReason] = useState(me.availability_reason ?? '')
  const availability = me.availability
  const choose = (next: Availability) => {
    // A reason belongs to the absence that it was given for.
    if (next === 'online') setReason('')
    update.mutate({ availability: next, availability_reason: next === 'online' ? null : reason || null })
  }
  const save = (event: FormEvent) => {
    event.preventDefault()
    update.mutate({ availability_reason: reason || null })
  }
  return (
    <SettingsSection title={t.availability.title} hint={t.availability.hint}>
      <Segmented
        label={t.availability.title}
        value={availability}
        onChange={choose}
        options={AVAILABILITIES.map((key) => ({ key, label: t.availability.states[key] }))}
      />
      <p className="mt-2 text-dim">{t.availability.means[availability]}</p>
      {availability !== 'online' && (
        <form onSubmit={save} className="mt-4 max-w-[420px]">
          <Field label={t.availability.reason} hint={t.availability.reasonHint}>
            {(control) => (
              <span className="flex gap-2">
                <input
                  {...control}
                  dir="auto"
                  maxLength={200}
                  list="reasons"
                  className={`${CONTROL} h-9`}
                  value={reason}
                  onChange={(event) => setReason(event.target.value)}
                />
                <Button
                  variant="chip"
                  type="submit"
                  className="h-9 max-md:h-11"
                  disabled={reason.trim() === (me.availability_reason ?? '')}
                >
                  {t.save}
                </Button>
              </span>
            )}
          </Field>
          <datalist id="reasons">
            {t.availability.reasons.map((each) => (
              <option key={each} value={each} />
            ))}
          </datalist>
        </form>
      )}
    </SettingsSection>
  )
}
