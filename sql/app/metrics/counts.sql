-- Metrics as sums of facts: the worker follows the feed of events, derives the facts of each ticket that something happened
-- to (facts.sql), and adds what is new about them to the sums of half-hours and of six hours. Facts, sums and the cursor are written in one
-- transaction, so that each event counts once, whatever happens to the worker. Rows are as visible as the tickets that they
-- count (visibility.sql).

grant select on app.metric_facts, app.metrics to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst;
create policy the_staff_reads_facts_of_its_tickets on app.metric_facts
  for select to autocrm_admin, autocrm_agent, autocrm_analyst
  using ((select autocrm.actor_id()) is not null);
create policy keys_read_facts_within_scope on app.metric_facts
  for select to autocrm_integration
  using ((select autocrm.actor_has_scope('tickets:read')));
create policy the_staff_reads_metrics_of_its_teams on app.metrics
  for select to autocrm_admin, autocrm_agent, autocrm_analyst
  using ((select autocrm.actor_id()) is not null);
create policy keys_read_metrics_within_scope on app.metrics
  for select to autocrm_integration
  using ((select autocrm.actor_has_scope('tickets:read')));

-- When the half-hour, or another time of so many minutes, begins that a moment lies in.
create function app.metric_slot(p_at timestamptz, p_minutes integer default 30)
  returns timestamptz
  language sql immutable parallel safe
  set search_path = ''
as $$
  select date_bin(make_interval(mins => p_minutes), p_at, '2000-01-01 00:00:00+00')
$$;

-- Counts these tickets up to now. Business time that was counted for a fact stays as it was, though the schedule has
-- changed since.
create function app.count_metrics(p_ids bigint[])
  returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set jit = off
as $$
declare
  v_empty tid[];
begin
  -- One counts at a time: of two that count a ticket at once both would add it.
  perform from app.metric_cursor for update;
  with fresh as materialized (
    select f.* from app.ticket_facts(p_ids) f
     union all
    select f.* from app.archived_facts(p_ids) f
  ), stored as materialized (
    select f.* from app.metric_facts f where f.ticket_id = any (p_ids)
  ), kept as (
    select f.ticket_id, f.n, f.at, f.team_id, f.agent_id, f.channel, f.priority_id, f.created, f.solved, f.reopened, f.merged, f.replies,
           f.one_touch, f.sla_kept, f.sla_breached, f.backlog,
           f.first_reply, case when (s.at, s.first_reply) = (f.at, f.first_reply) then s.first_reply_business else f.first_reply_business end,
           f.next_reply, case when (s.at, s.next_reply) = (f.at, f.next_reply) then s.next_reply_business else f.next_reply_business end,
           f.resolution, case when (s.at, s.resolution) = (f.at, f.resolution) then s.resolution_business else f.resolution_business end,
           f.full_resolution, case when (s.at, s.full_resolution) = (f.at, f.full_resolution) then s.full_resolution_business else f.full_resolution_business end,
           f.handle
      from fresh f
      left join stored s on s.ticket_id = f.ticket_id and s.n = f.n
  ), changed as materialized (
    select coalesce(k.ticket_id, s.ticket_id) as ticket_id, coalesce(k.n, s.n) as n, s as was, k::app.metric_facts as is_now,
           s.n is not null as was_there, k.n is not null as is_there
      from kept k
      full join stored s on s.ticket_id = k.ticket_id and s.n = k.n
     where s is distinct from k::app.metric_facts
  ), forgotten as (
    delete from app.metric_facts f using changed c where not c.is_there and f.ticket_id = c.ticket_id and f.n = c.n
  ), written as (
    insert into app.metric_facts as f
    select (c.is_now).* from changed c where c.is_there
    on conflict (ticket_id, n) do update
       set (at, team_id, agent_id, channel, priority_id, created, solved, reopened, merged, replies, one_touch, sla_kept, sla_breached, backlog,
            first_reply, first_reply_business, next_reply, next_reply_business, resolution, resolution_business,
            full_resolution, full_resolution_business, handle)
         = (excluded.at, excluded.team_id, excluded.agent_id, excluded.channel, excluded.priority_id, excluded.created, excluded.solved,
            excluded.reopened, excluded.merged, excluded.replies, excluded.one_touch, excluded.sla_kept, excluded.sla_breached, excluded.backlog,
            excluded.first_reply, excluded.first_reply_business, excluded.next_reply, excluded.next_reply_business, excluded.resolution,
            excluded.resolution_business, excluded.full_resolution, excluded.full_resolution_business, excluded.handle)
  ), delta as materialized (
    -- As metric_slot() has it, which would cost more here than all else.
    select 1::bigint as sign, date_bin('30 minutes', (c.is_now).at, '2000-01-01 00:00:00+00') as slot,
           date_bin('6 hours', (c.is_now).at, '2000-01-01 00:00:00+00') as long_slot, (c.is_now).* from changed c where c.is_there
     union all
    select -1, date_bin('30 minutes', (c.was).at, '2000-01-01 00:00:00+00'), date_bin('6 hours', (c.was).at, '2000-01-01 00:00:00+00'), (c.was).*
      from changed c where c.was_there
  ), queues as (
    insert into app.metrics as m (grain, slot, team_id, agent_id, channel, priority_id, facts, backlog)
    select 'now', 'infinity', d.team_id, d.agent_id, d.channel, d.priority_id, sum(d.sign), nullif(sum(d.sign * d.backlog), 0)
      from delta d
     where d.backlog <> 0
     group by d.team_id, d.agent_id, d.channel, d.priority_id
    on conflict (grain, minutes, slot, team_id, agent_id, channel, priority_id) do update
       set facts = m.facts + excluded.facts, backlog = nullif(coalesce(m.backlog, 0) + coalesce(excluded.backlog, 0), 0)
    returning m.ctid as place, m.facts
  ), sums as (
  insert into app.metrics as m (
    grain, minutes, slot, team_id, agent_id, channel, priority_id,
    facts, created, solved, reopened, merged, replies,
    one_touch, sla_kept, sla_breached, backlog, first_reply_count, first_reply_seconds,
    first_reply_sketch, first_reply_business_seconds, first_reply_business_sketch, next_reply_count, next_reply_seconds, next_reply_sketch,
    next_reply_business_seconds, next_reply_business_sketch, resolution_count, resolution_seconds, resolution_sketch, resolution_business_seconds,
    resolution_business_sketch, full_resolution_count, full_resolution_seconds, full_resolution_sketch, full_resolution_business_seconds, full_resolution_business_sketch,
    handle_count, handle_seconds, handle_sketch)
  select case when grouping(d.agent_id, d.channel, d.priority_id) = 0 then 'all' when grouping(d.agent_id) = 0 then 'agent'
              when grouping(d.channel) = 0 then 'channel' when grouping(d.priority_id) = 0 then 'priority' else 'team' end,
         case grouping(d.slot) when 0 then 30 else 360 end, coalesce(d.slot, d.long_slot), d.team_id, d.agent_id, d.channel, d.priority_id,
         sum(d.sign), nullif(sum(d.sign * d.created), 0),
         nullif(sum(d.sign * d.solved), 0), nullif(sum(d.sign * d.reopened), 0),
         nullif(sum(d.sign * d.merged), 0), nullif(sum(d.sign * d.replies), 0),
         nullif(sum(d.sign * d.one_touch), 0), nullif(sum(d.sign * d.sla_kept), 0),
         nullif(sum(d.sign * d.sla_breached), 0), nullif(sum(d.sign * d.backlog), 0),
         nullif(sum(d.sign) filter (where d.first_reply is not null), 0), nullif(sum(d.sign * d.first_reply), 0),
         autocrm.sketch(d.first_reply, d.sign), nullif(sum(d.sign * d.first_reply_business), 0),
         autocrm.sketch(d.first_reply_business, d.sign), nullif(sum(d.sign) filter (where d.next_reply is not null), 0),
         nullif(sum(d.sign * d.next_reply), 0), autocrm.sketch(d.next_reply, d.sign),
         nullif(sum(d.sign * d.next_reply_business), 0), autocrm.sketch(d.next_reply_business, d.sign),
         nullif(sum(d.sign) filter (where d.resolution is not null), 0), nullif(sum(d.sign * d.resolution), 0),
         autocrm.sketch(d.resolution, d.sign), nullif(sum(d.sign * d.resolution_business), 0),
         autocrm.sketch(d.resolution_business, d.sign), nullif(sum(d.sign) filter (where d.full_resolution is not null), 0),
         nullif(sum(d.sign * d.full_resolution), 0), autocrm.sketch(d.full_resolution, d.sign),
         nullif(sum(d.sign * d.full_resolution_business), 0), autocrm.sketch(d.full_resolution_business, d.sign),
         nullif(sum(d.sign) filter (where d.handle is not null), 0), nullif(sum(d.sign * d.handle), 0),
         autocrm.sketch(d.handle, d.sign)
    from delta d
   group by grouping sets (
     (d.slot, d.team_id), (d.slot, d.team_id, d.agent_id), (d.slot, d.team_id, d.channel), (d.slot, d.team_id, d.priority_id),
     (d.slot, d.team_id, d.agent_id, d.channel, d.priority_id),
     (d.long_slot, d.team_id), (d.long_slot, d.team_id, d.agent_id), (d.long_slot, d.team_id, d.channel), (d.long_slot, d.team_id, d.priority_id))
  on conflict (grain, minutes, slot, team_id, agent_id, channel, priority_id) do update
     set facts = m.facts + excluded.facts, created = nullif(coalesce(m.created, 0) + coalesce(excluded.created, 0), 0),
         solved = nullif(coalesce(m.solved, 0) + coalesce(excluded.solved, 0), 0), reopened = nullif(coalesce(m.reopened, 0) + coalesce(excluded.reopened, 0), 0),
         merged = nullif(coalesce(m.merged, 0) + coalesce(excluded.merged, 0), 0), replies = nullif(coalesce(m.replies, 0) + coalesce(excluded.replies, 0), 0),
         one_touch = nullif(coalesce(m.one_touch, 0) + coalesce(excluded.one_touch, 0), 0), sla_kept = nullif(coalesce(m.sla_kept, 0) + coalesce(excluded.sla_kept, 0), 0),
         sla_breached = nullif(coalesce(m.sla_breached, 0) + coalesce(excluded.sla_breached, 0), 0), backlog = nullif(coalesce(m.backlog, 0) + coalesce(excluded.backlog, 0), 0),
         first_reply_count = nullif(coalesce(m.first_reply_count, 0) + coalesce(excluded.first_reply_count, 0), 0), first_reply_seconds = nullif(coalesce(m.first_reply_seconds, 0) + coalesce(excluded.first_reply_seconds, 0), 0),
         first_reply_sketch = autocrm.add_sketches(m.first_reply_sketch, excluded.first_reply_sketch), first_reply_business_seconds = nullif(coalesce(m.first_reply_business_seconds, 0) + coalesce(excluded.first_reply_business_seconds, 0), 0),
         first_reply_business_sketch = autocrm.add_sketches(m.first_reply_business_sketch, excluded.first_reply_business_sketch), next_reply_count = nullif(coalesce(m.next_reply_count, 0) + coalesce(excluded.next_reply_count, 0), 0),
         next_reply_seconds = nullif(coalesce(m.next_reply_seconds, 0) + coalesce(excluded.next_reply_seconds, 0), 0), next_reply_sketch = autocrm.add_sketches(m.next_reply_sketch, excluded.next_reply_sketch),
         next_reply_business_seconds = nullif(coalesce(m.next_reply_business_seconds, 0) + coalesce(excluded.next_reply_business_seconds, 0), 0), next_reply_business_sketch = autocrm.add_sketches(m.next_reply_business_sketch, excluded.next_reply_business_sketch),
         resolution_count = nullif(coalesce(m.resolution_count, 0) + coalesce(excluded.resolution_count, 0), 0), resolution_seconds = nullif(coalesce(m.resolution_seconds, 0) + coalesce(excluded.resolution_seconds, 0), 0),
         resolution_sketch = autocrm.add_sketches(m.resolution_sketch, excluded.resolution_sketch), resolution_business_seconds = nullif(coalesce(m.resolution_business_seconds, 0) + coalesce(excluded.resolution_business_seconds, 0), 0),
         resolution_business_sketch = autocrm.add_sketches(m.resolution_business_sketch, excluded.resolution_business_sketch), full_resolution_count = nullif(coalesce(m.full_resolution_count, 0) + coalesce(excluded.full_resolution_count, 0), 0),
         full_resolution_seconds = nullif(coalesce(m.full_resolution_seconds, 0) + coalesce(excluded.full_resolution_seconds, 0), 0), full_resolution_sketch = autocrm.add_sketches(m.full_resolution_sketch, excluded.full_resolution_sketch),
         full_resolution_business_seconds = nullif(coalesce(m.full_resolution_business_seconds, 0) + coalesce(excluded.full_resolution_business_seconds, 0), 0), full_resolution_business_sketch = autocrm.add_sketches(m.full_resolution_business_sketch, excluded.full_resolution_business_sketch),
         handle_count = nullif(coalesce(m.handle_count, 0) + coalesce(excluded.handle_count, 0), 0), handle_seconds = nullif(coalesce(m.handle_seconds, 0) + coalesce(excluded.handle_seconds, 0), 0),
         handle_sketch = autocrm.add_sketches(m.handle_sketch, excluded.handle_sketch)
  returning m.ctid as place, m.facts
  )
  select array_agg(x.place) into v_empty
    from (select q.place, q.facts from queues q union all select s.place, s.facts from sums s) x
   where x.facts = 0;
  -- By their places: an index of those that are empty would be written with every change of any.
  delete from app.metrics m where m.ctid = any (v_empty);
end
$$;

-- Counts these tickets; one that fails is set aside, and the others are counted.
create function app.try_metrics(p_ids bigint[])
  returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_ticket bigint;
  v_failure app.failure;
begin
  perform app.count_metrics(p_ids);
exception when others then
  if app.is_transient(sqlstate) then
    raise;
  end if;
  foreach v_ticket in array p_ids
  loop
    begin
      perform app.count_metrics(array[v_ticket]);
    exception when others then
      get stacked diagnostics v_failure.code = returned_sqlstate, v_failure.message = message_text,
        v_failure.detail = pg_exception_detail, v_failure.hint = pg_exception_hint;
      perform app.note_failure('metrics', format('ticket %s', v_ticket), (select t.id from app.tickets t where t.id = v_ticket),
        jsonb_build_object('ticket_id', v_ticket), v_failure);
    end;
  end loop;
end
$$;

-- One round; answers how many tickets were counted, or NULL without new events.
create function app.run_metrics(p_most integer)
  returns integer
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_cursor app.metric_cursor;
  v_within pg_snapshot;
  v_event bigint;
  v_xids xid8[];
  v_ids bigint[];
begin
  if not exists (
    select from app.metric_cursor c where c.within is not null or app.feed_begin(c.seen, autocrm.log_snapshot()) is not null) then
    return null;
  end if;
  select * into v_cursor from app.metric_cursor c for update skip locked;
  if not found then
    return null;
  end if;
  v_within := coalesce(v_cursor.within, autocrm.log_snapshot());
  v_event := coalesce(v_cursor.event_id, app.feed_begin(v_cursor.seen, v_within));
  if v_event is null then
    return null;
  end if;
  select coalesce(array_agg(f.xid), '{}'), coalesce(max(f.event_id), v_event) into v_xids, v_event
    from app.feed_transactions(v_cursor.seen, v_within, v_event, p_most) f;
  v_ids := array(select distinct e.ticket_id from app.events e where e.xid = any (v_xids) and e.ticket_id is not null order by 1);
  -- One transaction may have changed any number of tickets.
  for v_from in 1 .. cardinality(v_ids) by p_most
  loop
    perform app.try_metrics(v_ids[v_from : v_from + p_most - 1]);
  end loop;
  if app.feed_has_more(v_cursor.seen, v_within, v_event) then
    update app.metric_cursor c set within = v_within, event_id = v_event;
  else
    update app.metric_cursor c set seen = v_within, within = null, event_id = null;
  end if;
  return cardinality(v_ids);
end
$$;

-- Goes on with a rebuild by so many tickets; answers how many there were.
create function app.run_metric_rebuild(p_most integer)
  returns integer
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_rebuild app.metric_rebuild;
  v_ids bigint[];
begin
  if not exists (select from app.metric_rebuild) then
    return 0;
  end if;
  perform from app.metric_cursor for update skip locked;
  if not found then
    return 0;
  end if;
  select * into v_rebuild from app.metric_rebuild for update;
  v_ids := array(
    select x.id
      from ((select t.id from app.tickets t where t.id > v_rebuild.ticket_id and t.id <= v_rebuild.last_id order by t.id limit p_most)
             union all
            (select a.id from app.archived_tickets a where a.id > v_rebuild.ticket_id and a.id <= v_rebuild.last_id order by a.id limit p_most)) x
     order by x.id limit p_most);
  if v_ids <> '{}' then
    perform app.try_metrics(v_ids);
  end if;
  if cardinality(v_ids) < p_most then
    delete from app.metric_rebuild;
  else
    update app.metric_rebuild set ticket_id = v_ids[p_most];
  end if;
  return cardinality(v_ids);
end
$$;

-- Begins again: facts and sums are emptied, and the worker counts all tickets anew in the background, with the statuses and
-- schedules of today. The tickets of later events it counts as always.
create function app.begin_metric_rebuild()
  returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set lock_timeout = '2s'
as $$
begin
  -- Whoever counts has finished.
  perform from app.metric_cursor for update;
  truncate app.metric_facts, app.metrics;
  delete from app.metric_rebuild;
  insert into app.metric_rebuild (last_id)
  select x.id from (select greatest((select max(t.id) from app.tickets t), (select max(a.id) from app.archived_tickets a)) as id) x where x.id is not null;
end
$$;

-- How far a rebuild is, as {done, total, started_at}; NULL while there is none. Definer: the worker's rows belong to the
-- owner alone. total are all ids, of which some may be missing.
create function app.metric_rebuild_progress()
  returns json
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  return (select json_build_object('done', b.ticket_id, 'total', b.last_id, 'started_at', b.started_at) from app.metric_rebuild b);
end
$$;
grant execute on function app.metric_rebuild_progress(), app.metric_slot(timestamptz, integer)
  to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst;
