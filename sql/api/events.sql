-- What happened, to resume from: below the oldest running transaction, so that none is ever skipped.
create function api.events_after(p_cursor text, p_limit integer default 500)
  returns json
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_horizon xid8 := pg_snapshot_xmin(pg_current_snapshot());
  v_xid xid8;
  v_id bigint;
  v_answer json;
begin
  if p_cursor is null then
    return json_build_object('cursor', v_horizon::text || '.0', 'events', '[]'::json);
  end if;
  if p_cursor !~ '^[0-9]{1,19}\.[0-9]{1,18}$' then
    perform api._refuse('These events cannot be read', array['after: is not a cursor that this feed gave out']);
  end if;
  v_xid := split_part(p_cursor, '.', 1)::xid8;
  v_id := split_part(p_cursor, '.', 2)::bigint;
  with page as materialized (
    select e.id, e.xid, e.name, e.ticket_id, e.message_id, e.actor_id, e.at, e.data,
           row_number() over (order by e.xid, e.id) as n
      from app.events e
     where (e.xid, e.id) > (v_xid, v_id) and e.xid < v_horizon
     order by e.xid, e.id
     limit least(p_limit, 1000)
  )
  select json_build_object(
    -- A page that is not full has reached the horizon, however little of it the caller may see.
    'cursor', coalesce(
      (select p.xid::text || '.' || p.id from page p where p.n = least(p_limit, 1000)),
      case when v_xid >= v_horizon then p_cursor else v_horizon::text || '.0' end),
    'events', coalesce(json_agg(json_build_object(
      'cursor', p.xid::text || '.' || p.id, 'name', p.name, 'ticket_id', p.ticket_id, 'message_id', p.message_id,
      'actor_id', p.actor_id, 'at', p.at, 'data', p.data - 'chain',
      'ticket', (select row_to_json(q) from api.queue q where q.id = p.ticket_id)) order by p.n), '[]'))
    into v_answer
    from page p;
  return v_answer;
end
$$;
comment on function api.events_after(text, integer) is
  'Events after a cursor that the caller may see, and the cursor to go on from. NULL gives the cursor of now. TK422 for a cursor that is none.';

create function api.list_events(p_query jsonb default '{}')
  returns json
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_problems text[] := api._unknown_keys(p_query, array['after', 'limit']);
begin
  if v_problems <> '{}' then
    perform api._refuse('These events cannot be read', v_problems);
  end if;
  return api.events_after(p_query ->> 'after', api._limit(p_query, 1000));
end
$$;
comment on function api.list_events(jsonb) is 'The feed of events to poll: {cursor, events}. Keep cursor and send it as after.';

-- Definer: NOTIFY is nobody's at the desk. Says what the caller is doing, and nothing that they choose.
create function api._tell_presence(p_ticket_id bigint, p_state text)
  returns void
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform api._need_api('Presence is told');
  perform pg_notify('autocrm_presence', json_build_object(
    'ticket_id', p_ticket_id, 'state', p_state, 'id', u.id, 'name', u.name)::text)
     from app.users u where u.id = autocrm.actor_id();
end
$$;

create function api.announce_presence(p_ticket_id bigint, p_body jsonb)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_problems text[] := api._unknown_keys(p_body, array['state']);
begin
  if not coalesce(p_body ->> 'state' in ('viewing', 'writing_reply', 'writing_note', 'left'), false) then
    v_problems := v_problems || 'state: must be viewing, writing_reply, writing_note or left'::text;
  end if;
  if v_problems <> '{}' then
    perform api._refuse('This presence cannot be told', v_problems);
  end if;
  perform api.get_ticket(p_ticket_id);
  perform api._tell_presence(p_ticket_id, p_body ->> 'state');
  return json_build_object('ticket_id', p_ticket_id, 'state', p_body ->> 'state');
end
$$;
comment on function api.announce_presence(bigint, jsonb) is 'Tells whoever watches this ticket that the caller views it, writes, or left. Forgotten after 30 seconds.';
