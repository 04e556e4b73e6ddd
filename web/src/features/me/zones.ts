/** The time zones that this browser knows, by continent; the chosen one is always among them. */
export function zonesByRegion(chosen: string): { region: string; zones: string[] }[] {
  const known = typeof Intl.supportedValuesOf === 'function' ? Intl.supportedValuesOf('timeZone') : []
  const regions = new Map<string, string[]>()
  for (const zone of new Set([chosen, ...known, 'UTC'])) {
    const region = zone.includes('/') ? (zone.split('/')[0] ?? zone) : 'UTC'
    regions.set(region, [...(regions.get(region) ?? []), zone])
  }
  return [...regions]
    .map(([region, zones]) => ({ region, zones: zones.sort() }))
    .sort((a, b) => a.region.localeCompare(b.region))
}
