/** Makes two entries of one person into one. */
import type { QueryClient } from '@tanstack/react-query'
import { toast } from '@/components/ui/toast'
import { told } from '@/components/ui/told'
import { problemsOf, type Schemas } from '@/lib/api/client'
import { randomKey } from '@/lib/open-pages'
import { Discarded, SEVERAL, sendAct } from './acts'
import { CUSTOMERS_KEY, customerQuery } from './customers'
import { t } from './messages'
import { wordProblems } from './problem-words'
import { forget } from './recent'
import { workOf } from './work'

/** Nothing takes it apart again: it is held first, unless it goes out once more. */
export async function mergeCustomers(
  client: QueryClient,
  who: { from: Schemas['Named']; into: Schemas['Named'] },
  { key = randomKey(), held = true } = {},
) {
  const { from, into } = who
  const text = t.acts.mergeCustomers(from.name, into.name)
  try {
    const remaining = await sendAct({ text, lane: SEVERAL, key, held, ...workOf('mergeCustomers', who) })
    client.setQueryData(customerQuery(remaining.id).queryKey, remaining)
    forget('customers', String(from.id))
    for (const queryKey of [
      customerQuery(from.id).queryKey,
      CUSTOMERS_KEY,
      ['history'],
      ['tickets-of'],
      ['customer-notes'],
      ['search'],
      ['tickets'],
    ])
      client.invalidateQueries({ queryKey })
    toast.success(t.acts.mergedCustomers(from.name, remaining.name))
  } catch (error) {
    if (error instanceof Discarded) return
    toast.error(t.acts.notMergedCustomers(from.name, into.name), {
      description: (await wordProblems(client, problemsOf(error))) || told((error as Error).message),
      action: { label: t.retry, onClick: () => void mergeCustomers(client, who, { key, held: false }) },
    })
  }
}
