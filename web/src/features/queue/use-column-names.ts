import { useQuery } from '@tanstack/react-query'
import { customFieldsQuery } from '@/desk/config'
import { t } from './messages'

/** The name of a column or a group; custom fields have their own. */
export function useColumnNames() {
  const { data: fields } = useQuery(customFieldsQuery)
  return (key: string) =>
    key.startsWith('custom.')
      ? (fields?.items.find((field) => `custom.${field.key}` === key)?.label ?? key.slice(7))
      : ((t.column as Record<string, string>)[key] ?? key)
}
