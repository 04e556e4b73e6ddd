/** What a macro would do to a ticket, and doing it. */
import { keepPreviousData, type QueryClient, queryOptions, useQueryClient } from '@tanstack/react-query'
import { toast } from '@/components/ui/toast'
import { told } from '@/components/ui/told'
import { sendAct } from '@/desk/acts'
import { putBack, wordKept } from '@/desk/change-tickets'
import { BLANK } from '@/desk/editor/blank'
import { textToHtml } from '@/desk/editor/text-html'
import { incidentsOf, tellIncidents } from '@/desk/incidents'
import type { Macro } from '@/desk/macros'
import { wordProblems } from '@/desk/problem-words'
import { showTicket, type Ticket, ticketQuery } from '@/desk/tickets'
import { timelineKey } from '@/desk/timeline'
import { Kept } from '@/desk/undo'
import { workOf } from '@/desk/work'
import { api, problemsOf, type Schemas, unwrap } from '@/lib/api/client'
import { t } from './messages'

export type MacroPreview = Schemas['MacroPreview']

/** What the desk would do, tried out and undone there: nothing is changed. */
export const macroPreviewQuery = (ticket: number, version: number, macro: number) =>
  queryOptions({
    queryKey: ['tickets', ticket, 'macro', macro, version],
    staleTime: 60_000,
    retry: false,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => ({
      macro,
      ...(await unwrap(
        api.POST('/api/tickets/{id}/macros/{macro_id}/preview', {
          params: { path: { id: ticket, macro_id: macro } },
          body: {},
          signal,
        }),
      )),
    }),
  })

const inText = (html: string) => {
  const { body } = new DOMParser().parseFromString(html, 'text/html')
  for (const block of body.querySelectorAll('p, div, li, br')) block.append('\n')
  return body.textContent ?? ''
}

/** The text of a macro without its form. */
export const wordsOf = ({ body_html, body_text }: Macro) => body_text ?? (body_html ? inText(body_html).trim() : '')

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/**
 * The values that filled the placeholders of a template, in its order. None for a template with conditions: what of it
 * was written cannot be told.
 */
export function fillsOf(template: string, rendered: string): string[] {
  if (!template.includes('{{') || template.includes('{{#')) return []
  const literals = template.split(/\{\{[^}]*\}\}/).map((part) => escaped(part).replace(/\s+/g, '\\s*'))
  const values = new RegExp(`^\\s*${literals.join('([\\s\\S]*?)')}\\s*$`).exec(rendered)
  return (values ?? []).slice(1).filter((value) => value.replace(BLANK, '').trim())
}

/** The message of a macro as HTML, and what in it was filled in. */
export function writtenBy(macro: Macro, { message }: MacroPreview) {
  if (!message) return null
  const html = message.body_html ?? textToHtml(message.body_text)
  const template = macro.body_html ? inText(macro.body_html) : (macro.body_text ?? '')
  return {
    kind: message.kind === 'note' ? ('note' as const) : ('reply' as const),
    html,
    fills: fillsOf(template, inText(html)),
  }
}

async function takeBack(client: QueryClient, before: Ticket, after: Ticket): Promise<Kept | undefined> {
  const kept = await putBack(client, before, after)
  void client.invalidateQueries({ queryKey: timelineKey(after.id) })
  return kept.length ? new Kept(await wordKept(client, kept)) : undefined
}

/**
 * Carries out what a macro changes. With a message its text and its status are left to the message that its reader is
 * going to send. Answers how to put the ticket back.
 */
export function useApplyMacro(ticket: number) {
  const client = useQueryClient()
  return async (macro: Macro): Promise<() => Promise<Kept | undefined>> => {
    const before = client.getQueryData(ticketQuery(ticket).queryKey)
    const { work, send } = workOf('macro', {
      ticket,
      macro: macro.id,
      body: macro.message_kind ? { send: false } : {},
    })
    const incidents = incidentsOf(client, before)
    const applied = await sendAct({
      text: t.macroApplied(macro.name),
      lane: `ticket-${ticket}`,
      work,
      send: async (key) => {
        await incidents?.look()
        return send(key)
      },
    })
    if (incidents && applied.ticket.status_category === 'solved') void tellIncidents(ticket, incidents)
    showTicket(client, applied.ticket)
    void client.invalidateQueries({ queryKey: timelineKey(ticket) })
    return async () => before && takeBack(client, before, applied.ticket)
  }
}

/** Says that a macro was not applied: that it cannot be here, or that something else went wrong and is worth a try. */
export function useMacroFailure() {
  const client = useQueryClient()
  return async (macro: Macro, error: Error, again?: () => void) => {
    const refused = await wordProblems(client, problemsOf(error))
    toast.error(
      refused ? t.macroRefused(macro.name) : t.macroFailed(macro.name),
      refused
        ? { description: refused }
        : {
            description: told(error.message),
            ...(again ? { action: { label: t.tryAgain, onClick: again } } : {}),
          },
    )
  }
}
