/** Changes of a record of a custom object, and its removal. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Discarded } from '@/desk/acts'
import { type ObjectRecord, objectFieldsQuery, objectTypesQuery, RECORDS_KEY, recordQuery } from '@/desk/objects'
import type { Values } from '@/desk/record-values'
import { changeRecord } from '@/desk/records'
import { api, type Schemas, unwrap } from '@/lib/api/client'

const ifMatch = (version: number) => ({ 'if-match': `"${version}"` })

type Change = Schemas['UpdateObjectRecord'] & { seen?: ObjectRecord | undefined }

export function useChangeRecord(id: number) {
  const client = useQueryClient()
  const key = recordQuery(id).queryKey
  return useMutation({
    mutationFn: async ({ seen, custom, ...columns }: Change) => {
      await client.cancelQueries({ queryKey: key, exact: true })
      const before = client.getQueryData(key)
      if (!before) throw new Discarded()
      const fields = Object.keys(custom ?? {})
      const type = client.getQueryData(objectTypesQuery.queryKey)?.items.find((each) => each.key === before.type)
      const known = client.getQueryData(objectFieldsQuery(type?.id).queryKey)?.items
      return changeRecord({
        what: before.name,
        lane: `record-${id}`,
        before,
        seen,
        label: (path) => known?.find((each) => `custom.${each.key}` === path)?.label,
        body: custom ? { ...columns, custom: { ...before.custom, ...custom } } : columns,
        // The API merges the values of fields, and null takes one away.
        patch: (version, { custom: values, ...rest }) =>
          unwrap(
            api.PATCH('/api/object-records/{id}', {
              params: { path: { id } },
              headers: ifMatch(version),
              body: values
                ? {
                    ...rest,
                    custom: Object.fromEntries(fields.map((each) => [each, (values as Values)[each] ?? null])),
                  }
                : rest,
            }),
          ),
        show: (record: ObjectRecord) => {
          client.setQueryData(key, record)
          client.invalidateQueries({ queryKey: RECORDS_KEY, refetchType: 'none' })
        },
      })
    },
    onError: () => client.invalidateQueries({ queryKey: key, exact: true }),
  })
}

export function useDeleteRecord() {
  const client = useQueryClient()
  return async (record: ObjectRecord) => {
    await unwrap(
      api.DELETE('/api/object-records/{id}', {
        params: { path: { id: record.id } },
        headers: ifMatch(record.version),
      }),
    )
    client.removeQueries({ queryKey: ['object-records', record.id] })
    client.invalidateQueries({ queryKey: RECORDS_KEY })
    client.invalidateQueries({ queryKey: ['related'] })
    client.invalidateQueries({ queryKey: ['find-related'] })
  }
}
