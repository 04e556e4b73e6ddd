-- The feed of events. A cursor is the snapshot of the moment when it was given out: a page has the events that are
-- visible now and were not then, so no reader waits for open transactions (see extension/core/src/feed/).

create function api.events_after(p_cursor text, p_limit integer default 500)
  returns json
  language plpgsql stable
  set search_path = ''
  -- The plan does not depend on the cursor.
  set plan_cache_mode = force_generic_plan
as $$
declare
  v_cursor text := p_cursor;
  v_page text[];
  v_goes_on boolean;
  v_ids bigint[];
  v_from timestamptz;
  v_before timestamptz;
  v_events json;
begin
  loop
    v_page := autocrm.feed_page(v_cursor, p_limit);
    -- A cursor with a point lies within a window. When nothing is left in it, the next window is read at once, unless
    -- this is a standby that has not replayed its end.
    v_goes_on := strpos(coalesce(v_cursor, ''), '.') > 0 and v_page[5] <> v_cursor;
    v_cursor := v_page[5];
    if v_page[1] = '{}' then
      exit when not v_goes_on;
      continue;
    end if;
    v_ids := v_page[1]::bigint[];
    v_from := to_timestamp(v_page[2]::bigint);
    v_before := to_timestamp(v_page[3]::bigint);
    select json_agg(json_build_object(
             'cursor', v_page[4] || '.' || e.xid || '.' || e.id, 'id', e.id, 'name', e.name, 'ticket_id', e.ticket_id, 'message_id', e.message_id,
             'actor_id', e.actor_id, 'actor', (select json_build_object('id', u.id, 'name', u.name) from app.users u where u.id = e.actor_id),
             'at', e.at, 'data', e.data - 'chain',
             'changes', case when e.data ? 'changes' then api._readable_changes(e.data -> 'changes') else '{}' end,
             'ticket', (select row_to_json(q) from api.queue q where q.id = e.ticket_id)) order by e.id)
      into v_events
      from app.events e
     where e.id = any (v_ids) and e.at >= v_from and e.at < v_before;
    -- When the caller may see none of the page, the next one is read.
    exit when v_events is not null or strpos(v_cursor, '.') = 0;
  end loop;
  return json_build_object('cursor', v_cursor, 'events', coalesce(v_events, '[]'));
end
$$;
comment on function api.events_after(text, integer) is
  'Events after a cursor that the caller may see, and the cursor to go on from: {cursor, events: [{cursor, id, name, ticket_id, message_id, actor_id, actor, at, data, changes, ticket}]}. p_limit is the most events looked at (1 to 1000). NULL gives the cursor of now. TK410 for one of another log, as after a restore: read anew what is shown; TK422 for one that is none. Example: select api.events_after(null, 100)';

create function api.list_events(p_query jsonb default '{}')
  returns json
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_problems text[] := api._unknown_keys(coalesce(p_query, '{}'), array['after', 'limit']);
begin
  if v_problems <> '{}' then
    perform api._refuse('These events cannot be read', v_problems);
  end if;
  return api.events_after(p_query ->> 'after', api._limit(p_query, 1000));
end
$$;
comment on function api.list_events(jsonb) is
  'The feed of events to poll: {cursor, events: [{cursor, id, name, ticket_id, message_id, actor_id, actor, at, data, changes, ticket}]}. Keep cursor and send it as after, unchanged; limit 1 to 1000. TK410 when the desk was restored or moved since: read anew what you keep, and begin without after; TK422. Example: select api.list_events(''{"limit": 100}'')';
