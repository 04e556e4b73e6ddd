/** Problems of the API with the names that their readers know: a field of this desk by its label. */
import { type QueryClient, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Schemas } from '@/lib/api/client'
import { tellField, tellKept } from '@/lib/api/told'
import { customFieldsQuery } from './config'
import { t } from './messages'

type Fields = readonly Pick<Schemas['CustomField'], 'key' | 'label'>[] | undefined
export type Problem = { path: string; message: string }

/** In place of the names of fields that not all readers of a ticket see. */
const HIDDEN = 'custom.hidden'

const labelAt = (fields: Fields, key: string) => fields?.find((field) => field.key === key)?.label

/** A text in which the API names fields by their keys: `custom.cause is required`, in a template `ticket.custom.cause`. */
export const withLabels = (text: string, fields: Fields) =>
  text.replace(/\b(?:ticket\.)?custom\.([a-z0-9_]+):?/g, (whole, key: string) => labelAt(fields, key) ?? whole)

/** A place in a template, by its character: what is said of it names variables as they must be typed. */
const IN_TEMPLATE = /(?:^|\.)(?:body_text|body_html|signature|reply|note)\[\d+\]$/

export function wordProblem({ path, message }: Problem, fields: Fields): string {
  const column = path.split(/[.[]/)[0] ?? path
  const name = path.startsWith('custom.')
    ? path === HIDDEN && !labelAt(fields, 'hidden')
      ? t.hiddenField
      : withLabels(path, fields)
    : ((t.columns as Record<string, string>)[column] ?? path)
  // What is wrong in a template is a sentence of its own.
  if (IN_TEMPLATE.test(path)) return name ? `${name}: ${message}` : message
  const said = withLabels(message, fields)
  return name ? `${name} ${said}` : said
}

/** The fields as far as they have been read, or can be. */
const fieldsOf = async (client: QueryClient): Promise<Fields> =>
  (await client.ensureQueryData(customFieldsQuery).catch(() => undefined))?.items

export async function wordProblems(client: QueryClient, problems: Problem[]): Promise<string> {
  const fields = problems.length ? await fieldsOf(client) : undefined
  return problems.map((problem) => wordProblem(problem, fields)).join(', ')
}

/** How the fields at these paths are called. */
export async function labelsOf(client: QueryClient, paths: string[]): Promise<string[]> {
  const fields = paths.length ? await fieldsOf(client) : undefined
  return paths.map((path) => withLabels(path, fields))
}

export function useProblemWords() {
  const { data } = useQuery(customFieldsQuery)
  return useMemo(() => {
    const problem = (problem: Problem) => wordProblem(problem, data?.items)
    const kept = (text: string) => tellKept(text).map(problem)
    return {
      text: (text: string) => withLabels(text, data?.items),
      problem,
      /** Of which only the text was kept. */
      kept: (text: string) => kept(text).join('\n'),
      /** Why a ticket of a bulk job was left out; older jobs have kept no more than the text. */
      item: ({ problem: text, problems = [] }: Pick<Schemas['BulkItem'], 'problem' | 'problems'>) => {
        const told = problems.map((each) => problem({ ...each, message: tellField(each) }))
        return (told.length ? told : kept(text ?? '')).join(', ')
      },
    }
  }, [data])
}
