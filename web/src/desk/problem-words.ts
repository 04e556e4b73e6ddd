/** Problems of the API with the names that their readers know: a field of this desk by its label. */
import { type QueryClient, useQuery } from '@tanstack/react-query'
import type { Schemas } from '@/lib/api/client'
import { tellField } from '@/lib/api/told'
import { customFieldsQuery } from './config'
import { t } from './messages'

type Fields = readonly Pick<Schemas['CustomField'], 'key' | 'label'>[] | undefined
type Problem = { path: string; message: string }

const labelAt = (fields: Fields, key: string) => fields?.find((field) => field.key === key)?.label

/** A text in which the API names fields by their keys: `custom.cause is required`, in a template `ticket.custom.cause`. */
export const withLabels = (text: string, fields: Fields) =>
  text.replace(/\b(?:ticket\.)?custom\.([a-z0-9_]+):?/g, (whole, key: string) => labelAt(fields, key) ?? whole)

export function wordProblem({ path, message }: Problem, fields: Fields): string {
  const column = path.split(/[.[]/)[0] ?? path
  const name = path.startsWith('custom.')
    ? withLabels(path, fields)
    : ((t.columns as Record<string, string>)[column] ?? path)
  const said = withLabels(message, fields)
  return name ? `${name} ${said}` : said
}

/** The labels as far as they have been read, or can be. */
export async function wordProblems(client: QueryClient, problems: Problem[]): Promise<string> {
  const fields = problems.length ? await client.ensureQueryData(customFieldsQuery).catch(() => undefined) : undefined
  return problems.map((problem) => wordProblem(problem, fields?.items)).join(', ')
}

export function useProblemWords() {
  const { data } = useQuery(customFieldsQuery)
  return {
    text: (text: string) => withLabels(text, data?.items),
    /** Why a ticket of a bulk job was left out. */
    item: ({ problem, problems = [] }: Pick<Schemas['BulkItem'], 'problem' | 'problems'>) =>
      problems.map((each) => wordProblem({ ...each, message: tellField(each) }, data?.items)).join(', ') ||
      withLabels(problem ?? '', data?.items),
    problem: (problem: Problem) => wordProblem(problem, data?.items),
  }
}
