/** What a relation points to, as a link to its page: from a ticket's card, a record or a customer. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { customerQuery, organizationQuery } from './customers'
import { recordQuery } from './objects'

const LINK = 'font-medium text-accent [overflow-wrap:anywhere] hover:underline'

/** `target`: as the field's config names it, `user`, `organization`, `ticket` or `object:<type>`. */
export function RelationLink({ target, id }: { target: string; id: number }) {
  const type = /^object:(.+)$/.exec(target)?.[1]
  const quiet = { staleTime: 600_000, retry: false } as const
  const person = useQuery({ ...customerQuery(id), ...quiet, enabled: target === 'user' }).data
  const organization = useQuery({ ...organizationQuery(id), ...quiet, enabled: target === 'organization' }).data
  const record = useQuery({ ...recordQuery(id), ...quiet, enabled: type !== undefined }).data
  const params = { id: String(id) }
  const name = (text: string | undefined) => <span dir="auto">{text ?? `#${id}`}</span>
  if (target === 'user')
    return (
      <Link to="/customers/$id" params={params} className={LINK}>
        {name(person?.name)}
      </Link>
    )
  if (target === 'organization')
    return (
      <Link to="/organizations/$id" params={params} className={LINK}>
        {name(organization?.name)}
      </Link>
    )
  if (type)
    return (
      <Link to="/objects/$type/$id" params={{ type, ...params }} className={LINK}>
        {name(record?.name)}
      </Link>
    )
  return (
    <Link to="/tickets/$id" params={params} className={LINK}>
      #{id}
    </Link>
  )
}
