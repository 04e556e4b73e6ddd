/** Browsers list some zones by names that their cities no longer have. */
const TODAY: Record<string, string> = {
  'America/Buenos_Aires': 'America/Argentina/Buenos_Aires',
  'America/Godthab': 'America/Nuuk',
  'Asia/Calcutta': 'Asia/Kolkata',
  'Asia/Katmandu': 'Asia/Kathmandu',
  'Asia/Rangoon': 'Asia/Yangon',
  'Asia/Saigon': 'Asia/Ho_Chi_Minh',
  'Atlantic/Faeroe': 'Atlantic/Faroe',
  'Europe/Kiev': 'Europe/Kyiv',
}

/** The time zones that this browser knows, by continent; the chosen one is always among them. */
export function zonesByRegion(chosen: string): { region: string; zones: string[] }[] {
  const known = typeof Intl.supportedValuesOf === 'function' ? Intl.supportedValuesOf('timeZone') : []
  const regions = new Map<string, string[]>()
  for (const zone of new Set([chosen, ...known.map((zone) => TODAY[zone] ?? zone), 'UTC'])) {
    const region = zone.includes('/') ? (zone.split('/')[0] ?? zone) : 'UTC'
    regions.set(region, [...(regions.get(region) ?? []), zone])
  }
  return [...regions]
    .map(([region, zones]) => ({ region, zones: zones.sort() }))
    .sort((a, b) => a.region.localeCompare(b.region))
}
