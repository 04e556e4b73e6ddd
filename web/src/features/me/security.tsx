import { SettingsPage } from '@/desk/settings-page'
import { t } from './messages'
import { PasswordForm } from './password-form'
import { Sessions } from './sessions'

/** One's own password and log-ins. */
export const Security = () => (
  <SettingsPage title={t.pages.security}>
    <PasswordForm />
    <Sessions />
  </SettingsPage>
)
