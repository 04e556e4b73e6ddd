-- Messages: public replies and internal notes.
create view api.messages with (security_invoker = true) as
select m.id, m.ticket_id, m.kind,
       case when u.id is not null then json_build_object('id', u.id, 'name', u.name, 'role', u.role) end as author,
       m.body_text, m.body_html, m.channel, m.created_at
  from app.messages m
  left join app.users u on u.id = m.author_id;
comment on view api.messages is 'What was said on tickets, with its author in words.';

create function api.list_messages(p_ticket_id bigint, p_query jsonb default '{}')
  returns json
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_limit integer := api._limit(p_query);
  v_problems text[] := api._unknown_keys(p_query, array['limit', 'after']);
  v_after jsonb;
  v_answer json;
begin
  if v_problems <> '{}' then
    perform api._refuse('This list cannot be read', v_problems);
  end if;
  perform api.get_ticket(p_ticket_id);
  v_after := case when p_query ? 'after' then api._decode_cursor(p_query ->> 'after', 'created_at', 'timestamptz') end;
  with ids as materialized (
    select m.id, m.created_at, row_number() over (order by m.created_at, m.id) as n
      from app.messages m
     where m.ticket_id = any (api._with_merged(p_ticket_id))
       and (v_after is null or (m.created_at, m.id) > ((v_after ->> 0)::timestamptz, (v_after ->> 1)::bigint))
     order by m.created_at, m.id
     limit v_limit + 1
  )
  select json_build_object(
    'items', coalesce(json_agg(row_to_json(m) order by i.n) filter (where i.n <= v_limit), '[]'),
    'next', max(case when i.n = v_limit and (select count(*) from ids) > v_limit then api._encode_cursor('created_at', i.created_at::text, i.id) end))
    into v_answer
    from ids i
    join api.messages m on m.id = i.id and m.created_at = i.created_at;
  return v_answer;
end
$$;
comment on function api.list_messages(bigint, jsonb) is 'The messages of a ticket and of those merged into it, oldest first: {items, next}.';

create function api.create_message(p_ticket_id bigint, p_body jsonb)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_problems text[] := api._unknown_keys(p_body, array['kind', 'body_text', 'body_html', 'status', 'version']);
  v_kind text := coalesce(p_body ->> 'kind', 'reply');
  v_id bigint;
  v_ticket json;
begin
  v_ticket := api.get_ticket(p_ticket_id);
  perform api._need_scope('tickets:write');
  v_problems := v_problems || api._version_problems(p_body);
  if v_kind not in ('reply', 'note') then
    v_problems := v_problems || 'kind: must be reply or note'::text;
  end if;
  if v_kind = 'note' and not autocrm.actor_has_scope('notes:write') then
    v_problems := v_problems || 'kind: this API key writes no notes; it needs the scope notes:write'::text;
  end if;
  if coalesce(trim(p_body ->> 'body_text'), '') = '' and coalesce(trim(autocrm.html_to_text(p_body ->> 'body_html')), '') = '' then
    v_problems := v_problems || 'body_text: is empty; write something before sending'::text;
  end if;
  if v_problems <> '{}' then
    perform api._refuse('The message cannot be sent as it is', v_problems);
  end if;
  if p_body ? 'version' then
    -- Locked before it is compared: of two replies to the same version one waits, then meets the other's.
    perform from app.tickets where id = p_ticket_id for update;
    v_ticket := api.get_ticket(p_ticket_id);
    perform api._check_version((p_body ->> 'version')::bigint, (v_ticket ->> 'version')::bigint, v_ticket);
  end if;
  v_id := nextval(pg_get_serial_sequence('app.messages', 'id'));
  insert into app.messages (id, ticket_id, kind, author_id, body_text, body_html, channel)
  overriding system value
  values (
    v_id, p_ticket_id, v_kind::app.message_kind, autocrm.actor_id(), coalesce(p_body ->> 'body_text', ''), p_body ->> 'body_html',
    case when autocrm.actor_api_key_id() is null then 'web' else 'api' end::app.channel);
  -- A reply and its status are one act: both or neither.
  if p_body ? 'status' and p_body ->> 'status' is distinct from v_ticket ->> 'status' then
    perform api.update_ticket(p_ticket_id, jsonb_build_object('status', p_body -> 'status'));
  end if;
  return (select row_to_json(m) from api.messages m where m.id = v_id);
end
$$;
comment on function api.create_message(bigint, jsonb) is
  'Adds a public reply or an internal note, and with status sets that too. TK404, TK409, TK422. Example: select api.create_message(7, ''{"kind": "note", "body_text": "Called back"}'')';
