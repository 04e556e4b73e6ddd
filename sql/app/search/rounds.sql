-- Rounds of the worker over the search index: it follows the feed of events (events.sql), a moment after each commit, so
-- that no writer waits for it.

-- One round; answers how many documents it rebuilt, or NULL without new events. A ticket that fails is set aside.
create function app.run_search(p_most integer)
  returns integer
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_cursor app.search_cursor;
  v_within pg_snapshot;
  v_event bigint;
  v_xids xid8[];
  v_ids bigint[];
  v_id bigint;
  v_failure app.failure;
begin
  if not exists (
    select from app.search_cursor c where c.within is not null or app.feed_begin(c.seen, autocrm.log_snapshot()) is not null) then
    return null;
  end if;
  select * into v_cursor from app.search_cursor c for update skip locked;
  if not found then
    return null;
  end if;
  v_within := coalesce(v_cursor.within, autocrm.log_snapshot());
  v_event := coalesce(v_cursor.event_id, app.feed_begin(v_cursor.seen, v_within));
  if v_event is null then
    return null;
  end if;
  select array_agg(f.xid), coalesce(max(f.event_id), v_event) into v_xids, v_event
    from app.feed_transactions(v_cursor.seen, v_within, v_event, p_most) f;
  v_ids := array(
    select t.id from app.tickets t
     where t.id in (
       select e.ticket_id from app.events e
        where e.xid = any (v_xids)
          and (e.name in ('ticket.created', 'message.created')
               or e.data -> 'changes' ?| array['subject', 'requester_id', 'custom', 'language', 'team_id', 'assignee_id']))
     order by t.id);
  begin
    perform app._search_rebuild(t) from app.tickets t where t.id = any (v_ids);
  exception when others then
    if app.is_transient(sqlstate) then
      raise;
    end if;
    -- One of them fails: retried one by one.
    foreach v_id in array v_ids
    loop
      begin
        perform app._search_rebuild(t) from app.tickets t where t.id = v_id;
      exception when others then
        get stacked diagnostics v_failure.code = returned_sqlstate, v_failure.message = message_text,
          v_failure.detail = pg_exception_detail, v_failure.hint = pg_exception_hint;
        perform app.note_failure('search', format('ticket %s', v_id), v_id, '{}', v_failure);
      end;
    end loop;
  end;
  if app.feed_has_more(v_cursor.seen, v_within, v_event) then
    update app.search_cursor c set within = v_within, event_id = v_event;
  else
    update app.search_cursor c set seen = v_within, within = null, event_id = null;
  end if;
  return cardinality(v_ids);
end
$$;

-- Rebuilds documents of an earlier release, at most p_most; answers how many. One that fails stays as it was, and is set
-- aside.
create function app.renew_search(p_most integer)
  returns integer
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_id bigint;
  v_count integer := 0;
  v_failure app.failure;
begin
  for v_id in
    select d.ticket_id from app.search_documents d where d.outdated order by d.ticket_id desc limit p_most for update skip locked
  loop
    v_count := v_count + 1;
    begin
      perform app._search_rebuild(t) from app.tickets t where t.id = v_id;
      if not found then
        delete from app.search_documents where ticket_id = v_id;
      end if;
    exception when others then
      get stacked diagnostics v_failure.code = returned_sqlstate, v_failure.message = message_text,
        v_failure.detail = pg_exception_detail, v_failure.hint = pg_exception_hint;
      perform app.note_failure('search', format('ticket %s', v_id), v_id, '{}', v_failure);
      update app.search_documents set outdated = false where ticket_id = v_id;
    end;
  end loop;
  return v_count;
end
$$;
