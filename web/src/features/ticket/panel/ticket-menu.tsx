import { Ellipsis } from 'lucide-react'
import { useState } from 'react'
import { Menu } from '@/components/ui/menu'
import { pageActions, SECTIONS } from '@/desk/commands'
import { ICON_BUTTON } from './icon-button'
import { t } from './messages'

/** All that can be done with the ticket, from the registry of commands: whoever adds a command there is found here. */
export function TicketMenu() {
  const [open, setOpen] = useState(false)
  const actions = open ? pageActions() : []
  const sorted = SECTIONS.flatMap((section) =>
    actions.filter((each) => (each.section ?? 'more') === section).map((each) => ({ ...each, section })),
  )
  return (
    <Menu
      label={t.moreActs}
      open={open}
      onOpenChange={setOpen}
      trigger={
        <button type="button" className={ICON_BUTTON} aria-label={t.moreActs}>
          <Ellipsis size={16} />
        </button>
      }
      items={sorted.map(({ label, icon, keys, section, run }) => ({
        key: label,
        label,
        section: t.sections[section],
        icon,
        ...(keys ? { keys } : {}),
        // After the menu has given the focus back.
        run: () => setTimeout(run),
      }))}
    />
  )
}
