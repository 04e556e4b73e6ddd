/** Puts a decision of routing into one sentence. */
import type { RoutingItem } from '@/desk/timeline'
import { memberOf } from '@/lib/api/open'
import { t } from './messages'

interface Decision {
  rules: string[]
  offered: boolean
  takenBack: string | undefined
  takenBackReason: unknown
  takenFrom: number | undefined
  /** Somebody was looked for. */
  balanced: boolean
}

function read(explanation: unknown): Decision {
  const rules = memberOf(explanation, 'rules')
  const back = memberOf(explanation, 'taken_back')
  const from = memberOf(explanation, 'from_user_id')
  return {
    rules: Array.isArray(rules) ? rules.map((rule) => String(memberOf(rule, 'name') ?? '')).filter(Boolean) : [],
    offered: typeof memberOf(explanation, 'offered') === 'string',
    takenBackReason: memberOf(explanation, 'taken_back_reason'),
    takenBack: typeof back === 'string' ? back : undefined,
    takenFrom: typeof from === 'number' ? from : undefined,
    balanced: typeof memberOf(explanation, 'balance') === 'string',
  }
}

/** From whom a decision took a ticket back, if that is what it did. */
export const givenBackBy = (explanation: unknown) => {
  const { takenBack, takenFrom } = read(explanation)
  return takenBack ? takenFrom : undefined
}

const WHY_BACK: Record<string, string> = {
  requester_wrote: t.routing.wroteWhileAway,
  away_too_long: t.routing.awayTooLong,
}

/** `team`: the one that the ticket came to; `nameOf`: a colleague by id. Null when routing had nothing to decide. */
export function describeRouting(
  item: RoutingItem,
  team: string | undefined,
  nameOf: (id: number) => string | undefined,
): { text: string; names: string[] } | null {
  const { rules, offered, takenBack, takenBackReason, takenFrom, balanced } = read(item.explanation)
  const assignee = item.assignee ?? undefined
  if (takenBack) {
    const name = (takenFrom !== undefined && nameOf(takenFrom)) || t.somebody
    return { text: t.routing.takenBack(name, WHY_BACK[String(takenBackReason)] ?? takenBack), names: [name] }
  }
  if (offered && assignee) return { text: t.routing.given(assignee), names: [assignee] }
  const where = assignee ?? item.team ?? team
  if (!rules.length) return where && assignee ? { text: t.routing.routedWithoutRule(where), names: [where] } : null
  const quoted = rules.map(t.routing.quoted)
  const last = quoted.at(-1) ?? ''
  const by = quoted.length > 1 ? t.and(quoted.slice(0, -1).join(', '), last) : last
  const text = where ? t.routing.routed(where, by) : t.routing.matched(by)
  return { text: balanced && !assignee ? t.routing.nobodyFree(text) : text, names: where ? [where] : [] }
}
