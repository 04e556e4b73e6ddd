-- Timeline of a ticket: messages, changes and routing decisions in one keyset-paged order, read from either end.

create function api._name_of(p_column text, p_id text)
  returns text
  language sql stable
  set search_path = ''
as $$
  select case p_column
    when 'status_id' then (select label from app.statuses where id = p_id::bigint)
    when 'priority_id' then (select label from app.priorities where id = p_id::bigint)
    when 'team_id' then (select name from app.teams where id = p_id::bigint)
    when 'organization_id' then (select name from app.organizations where id = p_id::bigint)
    when 'form_id' then (select name from app.ticket_forms where id = p_id::bigint)
    else (select name from app.users where id = p_id::bigint)
  end
$$;

-- Changes in words: keys and names where the row holds ids.
create function api._readable_changes(p_changes jsonb)
  returns jsonb
  language sql stable
  set search_path = ''
as $$
  select coalesce(jsonb_object_agg(
    case c.key when 'status_id' then 'status' when 'priority_id' then 'priority' when 'team_id' then 'team'
               when 'assignee_id' then 'assignee' when 'requester_id' then 'requester' when 'organization_id' then 'organization'
               when 'tag_ids' then 'tags' when 'form_id' then 'form' else c.key end,
    case
      when c.key in ('status_id', 'priority_id', 'team_id', 'assignee_id', 'requester_id', 'organization_id', 'form_id') then jsonb_build_array(
        api._name_of(c.key, c.value ->> 0), api._name_of(c.key, c.value ->> 1))
      when c.key = 'tag_ids' then jsonb_build_array(
        (select coalesce(jsonb_agg(t.name order by t.name collate app.names), '[]') from app.tags t where to_jsonb(t.id) <@ (c.value -> 0)),
        (select coalesce(jsonb_agg(t.name order by t.name collate app.names), '[]') from app.tags t where to_jsonb(t.id) <@ (c.value -> 1)))
      else c.value
    end), '{}')
    from jsonb_each(p_changes) c
   where c.key not in ('first_reply_at', 'solved_at', 'closed_at', 'status_at', 'assigned_at', 'requester_replied_at')
$$;

-- One plan for both directions is none: the comparison and the order are written into the statement, values are not.
create function api.get_timeline(p_id bigint, p_query jsonb default '{}')
  returns json
  language plpgsql stable
  set search_path = ''
  -- Compiling takes longer than reading one ticket.
  set jit = off
as $$
declare
  v_limit integer := api._limit(p_query);
  v_problems text[] := api._unknown_keys(p_query, array['limit', 'after', 'kind', 'order'])
    || api._check_words(p_query, 'kind', array['message', 'reply', 'note', 'event', 'change', 'routing'])
    || case when coalesce(p_query ->> 'order', 'oldest') not in ('oldest', 'newest')
            then array['order: must be oldest or newest'] else '{}' end;
  v_kinds text[] := coalesce(string_to_array(p_query ->> 'kind', ','), array['message', 'event', 'routing']);
  v_newest boolean := coalesce(p_query ->> 'order' = 'newest', false);
  v_name text := case when v_newest then '-timeline' else 'timeline' end;
  v_after jsonb;
  v_answer json;
begin
  if v_problems <> '{}' then
    perform api._refuse('This timeline cannot be read', v_problems);
  end if;
  perform api.get_ticket(p_id);
  v_after := case when p_query ? 'after' then api._decode_cursor(p_query ->> 'after', v_name, 'timestamptz') end;
  execute replace(replace($sql$
  with entries as (
    -- position is three times the id plus the kind of entry, so that all three kinds are in one order.
    (select m.created_at as at, m.id * 3 as position, m.id, 'message' as kind
       from app.messages m
      where m.ticket_id = any (api._with_merged($1))
        and ('message' = any ($2) or m.kind::text = any ($2))
        and ($3 is null or (m.created_at, m.id * 3) :beyond ($3, $4))
      order by 1 :way, 2 :way limit $5 + 1)
    union all
    (select e.at, e.id * 3 + 1, e.id, 'event'
       from app.events e
      where e.ticket_id = $1 and e.name <> 'message.created'
        and ('event' = any ($2) or (e.name = 'ticket.updated' and 'change' = any ($2)))
        and ($3 is null or (e.at, e.id * 3 + 1) :beyond ($3, $4))
      order by 1 :way, 2 :way limit $5 + 1)
    union all
    (select d.at, d.id * 3 + 2, d.id, 'routing'
       from app.routing_decisions d
      where d.ticket_id = $1 and 'routing' = any ($2)
        and ($3 is null or (d.at, d.id * 3 + 2) :beyond ($3, $4))
      order by 1 :way, 2 :way limit $5 + 1)
  ), page as materialized (
    select e.*, row_number() over (order by e.at :way, e.position :way) as n from entries e order by e.at :way, e.position :way limit $5 + 1
  )
  select json_build_object(
    'items', coalesce(json_agg(
      case p.kind
        when 'message' then (
          select json_build_object('kind', 'message', 'id', m.id, 'ticket_id', m.ticket_id, 'at', m.created_at, 'message_kind', m.kind,
                                   'author', m.author, 'body_text', m.body_text, 'body_html', m.body_html, 'quote_from', m.quote_from,
                                   'channel', m.channel, 'mentions', m.mentions, 'attachments', m.attachments,
                                   'edited_at', m.edited_at, 'redacted_at', m.redacted_at)
            from api.messages m where m.id = p.id and m.created_at = p.at)
        when 'routing' then (
          select json_build_object('kind', 'routing', 'id', d.id, 'at', d.at,
                   'team', api._name_of('team_id', d.explanation ->> 'team_id'),
                   'assignee', api._name_of('assignee_id', d.explanation ->> 'assignee_id'),
                   'explanation', d.explanation)
            from app.routing_decisions d where d.id = p.id and d.at = p.at)
        else (
          select json_build_object('kind', 'event', 'id', e.id, 'at', e.at, 'name', e.name, 'message_id', e.message_id,
                   'actor', (select json_build_object('id', u.id, 'name', u.name) from app.users u where u.id = e.actor_id),
                   'changes', api._readable_changes(coalesce(e.data -> 'changes', '{}')),
                   'data', (e.data - 'changes' - 'chain') || case when e.name = 'ticket.created' then jsonb_build_object(
                     'team', api._name_of('team_id', e.data ->> 'team_id'),
                     'assignee', api._name_of('assignee_id', e.data ->> 'assignee_id')) else '{}' end)
            from app.events e where e.id = p.id and e.at = p.at)
      end order by p.n) filter (where p.n <= $5), '[]'),
    'next', max(case when p.n = $5 and (select count(*) from page) > $5 then api._encode_cursor($6, p.at::text, p.position) end))
    from page p$sql$,
    ':beyond', case when v_newest then '<' else '>' end), ':way', case when v_newest then 'desc' else 'asc' end)
    into v_answer
    using p_id, v_kinds, (v_after ->> 0)::timestamptz, (v_after ->> 1)::bigint, v_limit, v_name;
  return v_answer;
end
$$;
comment on function api.get_timeline(bigint, jsonb) is 'Messages, changes and decisions of routing of a ticket: {items, next}. kind: some of message (reply, note), event (change), routing. order: oldest (first, as they happened) or newest. Example: select api.get_timeline(7, ''{"kind": "note,routing", "order": "newest"}'')';
