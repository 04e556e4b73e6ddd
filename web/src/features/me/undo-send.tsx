import { Segmented } from '@/components/ui/segmented'
import { chooseHeldSeconds, HELD_CHOICES, useHeldSeconds } from '@/desk/held-seconds'
import { SettingsSection } from '@/desk/settings-page'
import { t } from './messages'

/** For how long what was sent can be taken back. */
export const UndoSend = () => (
  <SettingsSection title={t.undoSend.title} hint={t.undoSend.hint}>
    <Segmented
      label={t.undoSend.title}
      value={String(useHeldSeconds())}
      onChange={(chosen) => chooseHeldSeconds(Number(chosen))}
      options={HELD_CHOICES.map((seconds) => ({
        key: String(seconds),
        label: seconds ? t.undoSend.seconds(seconds) : t.undoSend.never,
      }))}
    />
  </SettingsSection>
)
