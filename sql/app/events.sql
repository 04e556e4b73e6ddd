-- Events: who reads them, and how workers read them without a gap (the feed).

create trigger tg_events__900_wake after insert on app.events
  for each statement execute function autocrm.tg_wake();

grant select on app.events to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst;
create policy readers_of_a_ticket_read_its_events on app.events
  for select to autocrm_admin, autocrm_agent, autocrm_analyst
  using (ticket_id is not null and (select autocrm.actor_id()) is not null);
-- An event about a note is as internal as the note.
create policy keys_read_events_of_their_tickets on app.events
  for select to autocrm_integration
  using (
    ticket_id is not null
    and (data ->> 'kind' is distinct from 'note' or (select autocrm.actor_has_scope('notes:read')))
  );

-- The feed, for workers.

-- A worker has processed all transactions that are visible in its snapshot `seen`. Newer ones form a window: those visible
-- in a later snapshot, `within`, and not in `seen`. So no worker waits for open transactions, and those that commit late
-- are read late. Within a window transactions are ordered by their last events: one that waited for another's lock on a
-- ticket comes after it, whichever has the lower number.

-- The event before the first of a window; NULL when it is empty. `e.id + 0` keeps the planner from reading the index on id
-- from the beginning of the log.
create function app.feed_begin(p_seen pg_snapshot, p_within pg_snapshot)
  returns bigint
  language sql stable
  set search_path = pg_catalog, pg_temp
as $$
  select min(f.id) - 1
    from (select min(e.id + 0) as id
            from app.events e
           where e.xid = any (array(select x from pg_snapshot_xip(p_seen) x where pg_visible_in_snapshot(x, p_within)))
           union all
          select min(e.id + 0)
            from app.events e
           where e.xid >= pg_snapshot_xmax(p_seen) and e.xid < pg_snapshot_xmax(p_within)
             and pg_visible_in_snapshot(e.xid, p_within)) f
$$;

-- The transactions that end within the next p_most events of a window after this event, and at least one where
-- there is any, each with its last event.
create function app.feed_transactions(p_seen pg_snapshot, p_within pg_snapshot, p_after bigint, p_most integer)
  returns table (xid xid8, event_id bigint)
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  -- Reads by the index on id, whatever the statistics.
  set enable_sort = off
  set enable_seqscan = off
as $$
begin
  return query
    select p.xid, p.id
      from (select e.id, e.xid
              from app.events e
             where e.id > p_after and pg_visible_in_snapshot(e.xid, p_within) and not pg_visible_in_snapshot(e.xid, p_seen)
             order by e.id limit p_most) p
     where p.id = (select max(l.id) from app.events l where l.xid = p.xid);
  if not found then
    return query
      select e.xid, e.id
        from app.events e
       where e.id > p_after and pg_visible_in_snapshot(e.xid, p_within) and not pg_visible_in_snapshot(e.xid, p_seen)
         and e.id = (select max(l.id) from app.events l where l.xid = e.xid)
       order by e.id limit 1;
  end if;
end
$$;

-- Whether a window has more after this event.
create function app.feed_has_more(p_seen pg_snapshot, p_within pg_snapshot, p_after bigint)
  returns boolean
  language sql stable
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
as $$
  select exists (
    select from app.events e
     where e.id > p_after and pg_visible_in_snapshot(e.xid, p_within) and not pg_visible_in_snapshot(e.xid, p_seen))
$$;
