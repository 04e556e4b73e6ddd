import { Monitor, Moon, Sun } from 'lucide-react'
import { Segmented } from '@/components/ui/segmented'
import { Switch } from '@/components/ui/switch'
import { SettingsPage, SettingsSection } from '@/desk/settings-page'
import { chooseSingleKeys, useSingleKeys } from '@/desk/single-keys'
import { chooseContrast, chooseTheme, useChosenTheme, useMoreContrast } from '@/desk/theme'
import { t } from './messages'

/** Colours and keys, kept in this browser. */
export function Appearance() {
  const theme = useChosenTheme()
  return (
    <SettingsPage title={t.pages.appearance}>
      <SettingsSection title={t.appearance.theme} hint={t.appearance.themeHint}>
        <Segmented
          label={t.appearance.theme}
          value={theme}
          onChange={chooseTheme}
          options={[
            { key: 'light', label: t.appearance.light, icon: <Sun size={15} /> },
            { key: 'dark', label: t.appearance.dark, icon: <Moon size={15} /> },
            { key: 'system', label: t.appearance.system, icon: <Monitor size={15} /> },
          ]}
        />
        <p className="mt-4">
          <Switch label={t.appearance.contrast} checked={useMoreContrast()} onChange={chooseContrast} />
        </p>
        <p className="mt-1 px-1 text-dim">{t.appearance.contrastHint}</p>
      </SettingsSection>
      <SettingsSection title={t.appearance.keys}>
        <Switch label={t.appearance.singleKeys} checked={useSingleKeys()} onChange={chooseSingleKeys} />
        <p className="mt-1 px-1 text-dim">{t.appearance.singleKeysHint}</p>
      </SettingsSection>
    </SettingsPage>
  )
}
