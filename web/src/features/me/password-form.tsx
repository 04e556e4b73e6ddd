import { useId, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Checkbox } from '@/components/ui/checkbox'
import { CONTROL, Field } from '@/components/ui/field'
import { toast } from '@/components/ui/toast'
import { Told } from '@/components/ui/told'
import { SettingsSection } from '@/desk/settings-page'
import { problemsOf } from '@/lib/api/client'
import { t } from './messages'
import { useChangePassword } from './queries'

const NOTHING = { current: '', next: '' }

/** Changes one's own password; who sits at an open desk does not know the current one. */
export function PasswordForm() {
  const [values, setValues] = useState(NOTHING)
  const [visible, setVisible] = useState(false)
  const [endOthers, setEndOthers] = useState(true)
  const change = useChangePassword()
  const type = visible ? 'text' : 'password'
  const problem = (path: string) => {
    const problem = problemsOf(change.error).find((each) => each.path === path)
    return problem && (problem.reason === 'wrong' ? t.password.wrong : t.password.problem(problem.message))
  }
  return (
    <SettingsSection title={t.password.title}>
      <form
        className="max-w-[360px] space-y-4"
        onSubmit={(event) => {
          event.preventDefault()
          change.mutate(
            { current_password: values.current, new_password: values.next, end_other_sessions: endOthers },
            {
              onSuccess: ({ ended }) => {
                setValues(NOTHING)
                setVisible(false)
                toast.success(t.password.changed(ended))
              },
            },
          )
        }}
      >
        <Field label={t.password.current} problem={problem('current_password')}>
          {(control) => (
            <input
              {...control}
              type={type}
              required
              autoComplete="current-password"
              className={`${CONTROL} h-9`}
              value={values.current}
              onChange={(event) => setValues({ ...values, current: event.target.value })}
            />
          )}
        </Field>
        <Field label={t.password.next} hint={t.password.nextHint} problem={problem('new_password')}>
          {(control) => (
            <input
              {...control}
              type={type}
              required
              minLength={10}
              maxLength={200}
              autoComplete="new-password"
              className={`${CONTROL} h-9`}
              value={values.next}
              onChange={(event) => setValues({ ...values, next: event.target.value })}
            />
          )}
        </Field>
        <div className="space-y-1">
          <Choice label={t.password.show} checked={visible} onChange={setVisible} />
          <Choice label={t.password.endOthers} checked={endOthers} onChange={setEndOthers} />
        </div>
        {change.error && problemsOf(change.error).length === 0 && (
          <p role="alert" className="text-danger-ink">
            <Told text={change.error.message} />
          </p>
        )}
        <Button variant="primary" type="submit" className="max-md:h-11" disabled={change.isPending}>
          {t.password.change}
        </Button>
      </form>
    </SettingsSection>
  )
}

function Choice({
  label,
  checked,
  onChange,
}: {
  label: string
  checked: boolean
  onChange: (checked: boolean) => void
}) {
  const id = useId()
  return (
    <label htmlFor={id} className="flex min-h-7 items-center gap-2 max-md:min-h-11">
      <Checkbox id={id} checked={checked} onChange={(event) => onChange(event.target.checked)} /> {label}
    </label>
  )
}
