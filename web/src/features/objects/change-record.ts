/** Changes of a record, shown at once and put back when they are refused; and its removal. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type ObjectRecord, RECORDS_KEY, recordQuery } from '@/desk/objects'
import { api, type Schemas, unwrap } from '@/lib/api/client'

const ifMatch = (version: number) => ({ 'if-match': `"${version}"` })

type Change = Schemas['UpdateObjectRecord']

/** As the API will answer: values are merged, and null takes one away. */
const changedBy = (record: ObjectRecord, { custom, ...change }: Change): ObjectRecord => ({
  ...record,
  ...change,
  custom: Object.fromEntries(
    Object.entries({ ...record.custom, ...custom }).filter(([, value]) => value !== null && value !== undefined),
  ),
})

export function useChangeRecord(id: number) {
  const client = useQueryClient()
  const key = recordQuery(id).queryKey
  return useMutation({
    scope: { id: `record-${id}` },
    mutationFn: (change: Change) =>
      unwrap(
        api.PATCH('/api/object-records/{id}', {
          params: { path: { id } },
          headers: ifMatch(client.getQueryData(key)?.version ?? 0),
          body: change,
        }),
      ),
    onMutate: async (change) => {
      await client.cancelQueries({ queryKey: key, exact: true })
      const before = client.getQueryData(key)
      if (before) client.setQueryData(key, changedBy(before, change))
      return { before }
    },
    onSuccess: (record) => {
      client.setQueryData(key, record)
      client.invalidateQueries({ queryKey: RECORDS_KEY })
    },
    onError: (_, __, context) => {
      client.setQueryData(key, context?.before)
      client.invalidateQueries({ queryKey: key, exact: true })
    },
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
