-- Timeline of a ticket: messages, changes and routing decisions in one keyset-paged order, read from either end.

-- PL/pgSQL keeps the plans of these two; a function in SQL that is called for each entry is planned for each entry.
create function api._name_of(p_column text, p_id text)
  returns text
  language plpgsql stable
  set search_path = ''
as $$
begin
  if p_id is null then
    return null;
  end if;
  case p_column
    when 'status_id' then return (select label from app.statuses where id = p_id::bigint);
    when 'priority_id' then return (select label from app.priorities where id = p_id::bigint);
    when 'team_id' then return (select name from app.teams where id = p_id::bigint);
    when 'organization_id' then return (select name from app.organizations where id = p_id::bigint);
    when 'form_id' then return (select name from app.ticket_forms where id = p_id::bigint);
    else return (select name from app.users where id = p_id::bigint);
  end case;
end
$$;

-- The names of a list of ids of tags.
create function api._names_of_tags(p_ids jsonb)
  returns jsonb
  language plpgsql stable
  set search_path = ''
as $$
begin
  if coalesce(p_ids in ('[]', 'null'), true) then
    return '[]';
  end if;
  return (select coalesce(jsonb_agg(t.name order by t.name collate app.names), '[]')
            from app.tags t where t.id = any (array(select x::bigint from jsonb_array_elements_text(p_ids) x)));
end
$$;

-- Changes in words: keys and names where the row holds ids.
create function api._readable_changes(p_changes jsonb)
  returns jsonb
  language plpgsql stable
  set search_path = ''
as $$
begin
  if p_changes = '{}' then
    return p_changes;
  end if;
  return (
    select coalesce(jsonb_object_agg(
      case c.key when 'status_id' then 'status' when 'priority_id' then 'priority' when 'team_id' then 'team'
                 when 'assignee_id' then 'assignee' when 'requester_id' then 'requester' when 'organization_id' then 'organization'
                 when 'tag_ids' then 'tags' when 'form_id' then 'form' else c.key end,
      case
        when c.key in ('status_id', 'priority_id', 'team_id', 'assignee_id', 'requester_id', 'organization_id', 'form_id') then jsonb_build_array(
          api._name_of(c.key, c.value ->> 0), api._name_of(c.key, c.value ->> 1))
        when c.key = 'tag_ids' then jsonb_build_array(api._names_of_tags(c.value -> 0), api._names_of_tags(c.value -> 1))
        else c.value
      end), '{}')
      from jsonb_each(p_changes) c
     where c.key not in ('first_reply_at', 'solved_at', 'closed_at', 'status_at', 'assigned_at', 'requester_replied_at'));
end
$$;

create function api.get_timeline(p_id bigint, p_query jsonb default '{}')
  returns json
  language plpgsql stable
  set search_path = ''
  -- Compiling takes longer than reading one ticket.
  set jit = off
as $$
declare
  v_query jsonb := coalesce(p_query, '{}');
  v_limit integer := api._limit(v_query);
  v_problems text[] := api._query_problems(v_query, array['limit', 'after', 'kind', 'order'])
    || api._check_words(v_query, 'kind', array['message', 'reply', 'note', 'event', 'change', 'routing'])
    || case when coalesce(v_query ->> 'order', 'oldest') not in ('oldest', 'newest')
            then array['order: must be oldest or newest'] else '{}' end;
  v_kinds text[] := coalesce(string_to_array(v_query ->> 'kind', ','), array['message', 'event', 'routing']);
  v_newest boolean := coalesce(v_query ->> 'order' = 'newest', false);
  v_name text := case when v_newest then '-timeline' else 'timeline' end;
  v_sql text := format($sql$
    with q as (
      -- A position is three times the id plus the kind of entry (message, event, routing), so that all three are in one
      -- order. From the newest on it is rounded up, so that all before it are below the id.
      select ($1 ->> 'ticket')::bigint as ticket, ($1 ->> 'most')::integer as most,
             ($1 -> 'after' ->> 0)::timestamptz as at, ($1 -> 'after' ->> 1)::bigint + %2$s as position,
             array(select jsonb_array_elements_text($1 -> 'kinds')) as kinds,
             array(select jsonb_array_elements_text($1 -> 'messages')) as messages
    ), entries as (
      select m.created_at as at, m.id * 3 as position, 'message' as kind, null as name, null::bigint as message_id, null::bigint as actor_id, null::jsonb as data,
             json_build_object('kind', 'message', 'id', m.id, 'ticket_id', m.ticket_id, 'at', m.created_at, 'message_kind', m.kind, 'author', m.author,
                               'body_text', m.body_text, 'body_html', m.body_html, 'quote_from', m.quote_from, 'channel', m.channel,
                               'mentions', m.mentions, 'attachments', m.attachments, 'edited_at', m.edited_at, 'redacted_at', m.redacted_at) as message
        from q
       cross join lateral app.messages_of(q.ticket, q.messages, q.at, q.position / 3, %3$L, q.most) m
       where q.messages && array['reply', 'note', 'system']
      union all
      select e.at, e.id * 3 + 1, 'event', e.name, e.message_id, e.actor_id, e.data, null
        from q
       cross join lateral app.events_of(
         q.ticket, case when 'event' = any (q.kinds) then null else array['ticket.updated'] end, q.at, (q.position - 1) / 3, %3$L, q.most) e
       where q.kinds && array['event', 'change']
      union all
      select d.at, d.id * 3 + 2, 'routing', null, null, null, d.explanation, null
        from q
       cross join lateral app.routing_of(q.ticket, q.at, (q.position - 2) / 3, %3$L, q.most) d
       where 'routing' = any (q.kinds)
    )
    select p.at::text, p.position,
           case p.kind
             when 'message' then p.message
             when 'routing' then json_build_object('kind', 'routing', 'id', p.position / 3, 'at', p.at,
               'team', api._name_of('team_id', p.data ->> 'team_id'),
               'assignee', api._name_of('assignee_id', p.data ->> 'assignee_id'),
               'explanation', p.data)
             else json_build_object('kind', 'event', 'id', p.position / 3, 'at', p.at, 'name', p.name, 'message_id', p.message_id,
               'actor', (select json_build_object('id', u.id, 'name', u.name) from app.users u where u.id = p.actor_id),
               'changes', api._readable_changes(coalesce(p.data -> 'changes', '{}')),
               'data', (p.data - 'changes' - 'chain') || case when p.name = 'ticket.created' then jsonb_build_object(
                 'team', api._name_of('team_id', p.data ->> 'team_id'),
                 'assignee', api._name_of('assignee_id', p.data ->> 'assignee_id'))
                 when p.name in ('cc.added', 'cc.removed') then jsonb_build_object('person', api._name_of('user_id', p.data ->> 'user_id'))
                 else '{}' end)
           end as item
      from (select e.* from entries e order by e.at %1$s, e.position %1$s limit %4$s) p
     order by p.at %1$s, p.position %1$s
    $sql$,
    case when v_newest then 'desc' else 'asc' end, case when v_newest then 2 else 0 end, v_newest, v_limit + 1);
begin
  if v_problems <> '{}' then
    perform api._refuse('This timeline cannot be read', v_problems);
  end if;
  perform api._need_ticket(p_id);
  v_query := jsonb_build_object('ticket', p_id, 'most', v_limit + 1, 'kinds', to_jsonb(v_kinds),
    'messages', to_jsonb(case when 'message' = any (v_kinds) then array['reply', 'note', 'system'] else v_kinds end),
    'after', case when v_query ? 'after' then api._decode_cursor(v_query ->> 'after', v_name, 'timestamptz') end);
  return autocrm.page(v_sql, v_query, v_limit, v_name);
end
$$;
comment on function api.get_timeline(bigint, jsonb) is 'Messages, changes and decisions of routing of a ticket: {items, next}. kind: some of message (reply, note), event (change), routing. order: oldest (first, as they happened) or newest. Example: select api.get_timeline(7, ''{"kind": "note,routing", "order": "newest"}'')';
