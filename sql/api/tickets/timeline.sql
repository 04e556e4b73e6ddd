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
  -- Planned once: a plan for the values at hand costs more than it saves.
  set plan_cache_mode = force_generic_plan
  -- Compiling takes longer than reading one ticket.
  set jit = off
as $$
declare
  v_limit integer := api._limit(p_query);
  v_problems text[] := api._unknown_keys(coalesce(p_query, '{}'), array['limit', 'after', 'kind', 'order'])
    || api._check_words(p_query, 'kind', array['message', 'reply', 'note', 'event', 'change', 'routing'])
    || case when coalesce(p_query ->> 'order', 'oldest') not in ('oldest', 'newest')
            then array['order: must be oldest or newest'] else '{}' end;
  v_kinds text[] := coalesce(string_to_array(p_query ->> 'kind', ','), array['message', 'event', 'routing']);
  v_messages text[] := case when 'message' = any (v_kinds) then array['reply', 'note', 'system'] else v_kinds end;
  v_newest boolean := coalesce(p_query ->> 'order' = 'newest', false);
  v_name text := case when v_newest then '-timeline' else 'timeline' end;
  -- What a position is rounded up by, so that all before it are below the id.
  v_up integer := case when v_newest then 2 else 0 end;
  v_after jsonb;
  v_at timestamptz;
  v_position bigint;
  v_answer json;
begin
  if v_problems <> '{}' then
    perform api._refuse('This timeline cannot be read', v_problems);
  end if;
  perform api._need_ticket(p_id);
  v_after := case when p_query ? 'after' then api._decode_cursor(p_query ->> 'after', v_name, 'timestamptz') end;
  v_at := (v_after ->> 0)::timestamptz;
  -- Three times the id plus the kind of entry (message, event, routing), so that all three are in one order.
  v_position := (v_after ->> 1)::bigint;
  with entries as (
    select m.created_at as at, m.id * 3 as position, 'message' as kind, null as name, null::bigint as message_id, null::bigint as actor_id, null::jsonb as data,
           json_build_object('kind', 'message', 'id', m.id, 'ticket_id', m.ticket_id, 'at', m.created_at, 'message_kind', m.kind, 'author', m.author,
                             'body_text', m.body_text, 'body_html', m.body_html, 'quote_from', m.quote_from, 'channel', m.channel,
                             'mentions', m.mentions, 'attachments', m.attachments, 'edited_at', m.edited_at, 'redacted_at', m.redacted_at) as message
      from app.messages_of(p_id, v_messages, v_at, (v_position + v_up) / 3, v_newest, v_limit + 1) m
     where v_messages && array['reply', 'note', 'system']
    union all
    select e.at, e.id * 3 + 1, 'event', e.name, e.message_id, e.actor_id, e.data, null
      from app.events_of(p_id, case when 'event' = any (v_kinds) then null else array['ticket.updated'] end, v_at, (v_position - 1 + v_up) / 3, v_newest, v_limit + 1) e
     where v_kinds && array['event', 'change']
    union all
    select d.at, d.id * 3 + 2, 'routing', null, null, null, d.explanation, null
      from app.routing_of(p_id, v_at, (v_position - 2 + v_up) / 3, v_newest, v_limit + 1) d
     where 'routing' = any (v_kinds)
  )
  select json_build_object(
    'items', coalesce(json_agg(
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
            'assignee', api._name_of('assignee_id', p.data ->> 'assignee_id')) else '{}' end)
      end order by p.n), '[]'),
    'next', max(case when p.n = v_limit and p.count > v_limit then api._encode_cursor(v_name, p.at::text, p.position) end))
    into v_answer
    from (select e.*, row_number() over (order by case when v_newest then e.at end desc, case when v_newest then e.position end desc,
                                                  e.at, e.position) as n, count(*) over () as count
            from entries e) p
   where p.n <= v_limit;
  return v_answer;
end
$$;
comment on function api.get_timeline(bigint, jsonb) is 'Messages, changes and decisions of routing of a ticket: {items, next}. kind: some of message (reply, note), event (change), routing. order: oldest (first, as they happened) or newest. Example: select api.get_timeline(7, ''{"kind": "note,routing", "order": "newest"}'')';
