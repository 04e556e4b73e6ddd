import { Popover } from '@base-ui/react/popover'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Button } from '@/components/ui/button'
import { BOX } from '@/components/ui/field'
import type { PopupProps } from '@/components/ui/lazy-popup'
import { Segmented } from '@/components/ui/segmented'
import { customFieldsQuery } from '@/desk/config'
import { COLUMN_KEYS, columnOf, DEFAULT_COLUMNS, setWidth } from './columns'
import { DENSITIES, type Density, setDisplay, useDisplay } from './display'
import { DisplayColumns } from './display-columns'
import type { Change, Filters } from './filters'
import { t } from './messages'
import { useColumnNames } from './use-column-names'

const GROUPS = ['assignee', 'team', 'status', 'priority', 'type', 'channel', 'organization', 'requester']

function Field({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is among the children
    <label className="block">
      <span className="mb-1 block text-[12px] text-dim">{label}</span>
      {children}
    </label>
  )
}

export interface DisplayProps extends PopupProps {
  filters: Filters
  set: (change: Change) => void
}

export function DisplayPopup({ trigger, open, onOpenChange, filters, set }: DisplayProps) {
  const { density, preview } = useDisplay()
  const { data: fields } = useQuery(customFieldsQuery)
  const name = useColumnNames()
  const custom = (fields?.items ?? []).filter(({ active }) => active).map(({ key }) => `custom.${key}`)
  const columns = filters.columns?.split(',') ?? DEFAULT_COLUMNS
  const sortable = [...COLUMN_KEYS, ...custom].filter((key) => columnOf(key).sortable)
  return (
    <Popover.Root open={open} onOpenChange={onOpenChange}>
      <Popover.Trigger render={trigger} />
      <Popover.Portal>
        <Popover.Positioner sideOffset={4} align="end" collisionPadding={8} className="z-50 outline-none">
          <Popover.Popup
            aria-label={t.display.label}
            className="max-h-[min(560px,var(--available-height))] w-72 max-w-[calc(100vw-16px)] space-y-3 overflow-auto rounded-lg border border-line bg-raised p-3 shadow-lg outline-none"
          >
            <Field label={t.display.group}>
              <select
                className={BOX}
                value={filters.group ?? ''}
                onChange={(event) => set({ group: event.target.value })}
              >
                <option value="">{t.display.noGroup}</option>
                {[...GROUPS, ...custom].map((key) => (
                  <option key={key} value={key}>
                    {name(key)}
                  </option>
                ))}
              </select>
            </Field>
            <Field label={t.display.sort}>
              <select
                className={BOX}
                value={filters.sort ?? '-updated_at'}
                onChange={(event) => set({ sort: event.target.value })}
              >
                {sortable.flatMap((key) => [
                  <option key={key} value={key}>
                    {name(key)}
                  </option>,
                  <option key={`-${key}`} value={`-${key}`}>
                    {t.display.descending(name(key))}
                  </option>,
                ])}
              </select>
            </Field>
            <div>
              <span className="mb-1 block text-[12px] text-dim">{t.display.density}</span>
              <Segmented
                label={t.display.density}
                options={(Object.keys(DENSITIES) as Density[]).map((key) => ({ key, label: t.display[key] }))}
                value={density}
                onChange={(density) => setDisplay({ density })}
              />
            </div>
            <DisplayColumns
              columns={columns}
              all={[...COLUMN_KEYS, ...custom]}
              name={name}
              onChange={(next) => set({ columns: next.join(',') })}
            />
            <div className="flex justify-between gap-2 border-t border-line pt-2">
              <Button
                className="text-dim"
                onClick={() => {
                  for (const key of columns) setWidth(key, undefined)
                }}
              >
                {t.display.widths}
              </Button>
              <Button
                className="text-dim max-md:hidden"
                aria-pressed={preview}
                onClick={() => setDisplay({ preview: !preview })}
              >
                {t.display.preview}
              </Button>
            </div>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}
