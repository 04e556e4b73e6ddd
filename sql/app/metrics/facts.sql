-- What reports count of a ticket, in the order in which it happened: app.ticket_facts derives it from the ticket, its
-- messages, its events and its SLA clocks, whenever it is asked. So counting a ticket again does no harm, and a rebuild
-- finds the same.
--
-- created       the ticket, for the team and agent that routing chose; the time is the ticket's own, also of an import
-- replies       public replies by agents and admins, for whoever wrote them; first_reply is from creation to the first;
--               next_reply from the oldest customer's message since the reply before
-- solved        each time that an open ticket is solved or closed, by whomever or by a rule, for its agent and team of that
--               moment; a merge is none (merged). resolution is from creation to the first time, full_resolution to the
--               last one of a ticket that is not open again, handle the time in which it was new or open and had an agent:
--               the desk does not record how long somebody worked on it
-- one_touch     with full_resolution: solved once, with exactly one reply
-- reopened      a solved or closed ticket is open again
-- backlog       1 and -1 where an open ticket comes and leaves, so that a sum is how many are open
-- sla_kept, sla_breached   targets, when they were met in time or ran out
--
-- The statuses' categories and people's roles are those of today, and so are schedules; seconds of business time that were
-- counted once are kept until a rebuild (counts.sql).

-- Seconds from one moment to another; none before it, as clocks differ.
create function app._seconds(p_from timestamptz, p_to timestamptz)
  returns bigint
  language plpgsql immutable parallel safe
  set search_path = ''
as $$
begin
  return greatest(extract(epoch from p_to - p_from), 0)::bigint;
end
$$;

-- The same in business time; without a schedule all time is.
create function app._business_seconds(p_from timestamptz, p_to timestamptz, p_schedule_id bigint)
  returns bigint
  language plpgsql stable
  set search_path = ''
as $$
begin
  if p_schedule_id is null or p_to <= p_from then
    return app._seconds(p_from, p_to);
  end if;
  return autocrm.business_seconds(p_from, p_to, p_schedule_id);
end
$$;

-- The moments of these tickets, ticket by ticket in the order in which they happened. `changes` is of kind change; `first`,
-- of kind creation, is what the ticket was as it was created.
create function app._ticket_moments(p_ids bigint[])
  returns table (
    ticket_id bigint, at timestamptz, kind text, id bigint, first app.metric_facts, status_id bigint, schedule_id bigint,
    changes jsonb, is_merge boolean, author_id bigint)
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
as $$
declare
  -- Nothing has happened to any of them before.
  v_since timestamptz := (select min(t.created_at) - interval '1 day' from app.tickets t where t.id = any (p_ids));
begin
  return query
    with found as materialized (
      select t.*, o.schedule_id, l.created_at as merged_at
        from app.tickets t
        left join app.organizations o on o.id = t.organization_id
        left join app.ticket_links l on l.ticket_id = t.id and l.kind = 'merged'
       where t.id = any (p_ids) and t.deleted_at is null
    ), changed as materialized (
      select e.ticket_id, e.id, e.at, e.data -> 'changes' as changes
        from app.events e
       where e.ticket_id = any (p_ids) and e.at >= v_since and e.name = 'ticket.updated'
         and e.data -> 'changes' ?| array['team_id', 'assignee_id', 'channel', 'priority_id', 'status_id']
    ), original as (
      -- What has changed since, as it was before its first change. Of two values of one key jsonb keeps the last.
      select c.ticket_id, jsonb_object_agg(k.key, k.value -> 0 order by c.id desc) as was
        from changed c
       cross join lateral jsonb_each(c.changes) k
       where jsonb_typeof(k.value) = 'array'
       group by c.ticket_id
    ), created as materialized (
      select f.id, f.created_at, f.requester_id, f.first_reply_at, f.merged_at, f.schedule_id,
             case when w.was ? 'team_id' then (w.was ->> 'team_id')::bigint else f.team_id end as team_id,
             case when w.was ? 'assignee_id' then (w.was ->> 'assignee_id')::bigint else f.assignee_id end as agent_id,
             case when w.was ? 'channel' then (w.was ->> 'channel')::app.channel else f.channel end as channel,
             case when w.was ? 'priority_id' then (w.was ->> 'priority_id')::bigint else f.priority_id end as priority_id,
             case when w.was ? 'status_id' then (w.was ->> 'status_id')::bigint else f.status_id end as status_id,
             case when w.was ? 'solved_at' then (w.was ->> 'solved_at')::timestamptz else f.solved_at end as solved_at,
             case when w.was ? 'closed_at' then (w.was ->> 'closed_at')::timestamptz else f.closed_at end as closed_at
        from found f
        left join original w on w.ticket_id = f.id
    ), spoken as materialized (
      select m.ticket_id, m.id, greatest(m.created_at, c.created_at) as at, m.author_id,
             m.author_id <> c.requester_id and u.role in ('agent', 'admin') as is_staff
        from app.messages m
        join created c on c.id = m.ticket_id
        join app.users u on u.id = m.author_id
       where m.ticket_id = any (p_ids) and m.created_at >= v_since and m.kind = 'reply'
         and (m.author_id = c.requester_id or u.role in ('agent', 'admin', 'customer'))
    )
    select x.ticket_id, x.at, x.kind, x.id, x.first, x.status_id, x.schedule_id, x.changes, x.is_merge, x.author_id
      from (
        select c.id as ticket_id, c.created_at as at, 0 as n, 'creation' as kind, 0::bigint as id,
               row(c.id, 0, c.created_at, c.team_id, c.agent_id, c.channel, c.priority_id, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                   null, null, null, null, null, null, null, null, null)::app.metric_facts as first,
               c.status_id, c.schedule_id, null::jsonb as changes, false as is_merge, null::bigint as author_id
          from created c
         union all
        select s.ticket_id, s.at, 1, case when s.is_staff then 'reply' else 'question' end, s.id, null, null, null, null, false, s.author_id
          from spoken s
         union all
        -- Answered elsewhere, before it came here.
        select c.id, greatest(c.first_reply_at, c.created_at), 1, 'reply', 0, null, null, null, null, false, null
          from created c
         where c.first_reply_at is not null and not exists (select from spoken s where s.ticket_id = c.id and s.is_staff)
         union all
        -- A change is never before the one that it follows, though its transaction may have begun before.
        select e.ticket_id, greatest(max(e.at) over (partition by e.ticket_id order by e.id), c.created_at), 2, 'change', e.id, null, null, null,
               e.changes, coalesce(e.at = c.merged_at, false), null
          from changed e
          join created c on c.id = e.ticket_id
         union all
        -- Solved elsewhere.
        select c.id, greatest(coalesce(c.solved_at, c.closed_at), c.created_at), 2, 'solution', 0, null, null, null, null, false, null
          from created c
         where c.status_id not in (select o.id from app.open_statuses o)
         union all
        select k.ticket_id, coalesce(k.breached_at, k.fulfilled_at), 3, case when k.breached_at is null then 'kept' else 'breached' end,
               k.instance, null, null, null, null, false, null
          from app.sla_clocks k
          join created c on c.id = k.ticket_id
         where k.breached_at is not null or k.fulfilled_at is not null and k.target_seconds is not null
      ) x
     order by x.ticket_id, x.n > 0, x.at, x.n, x.id, x.kind;
end
$$;

create function app.ticket_facts(p_ids bigint[])
  returns setof app.metric_facts
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_open_ids bigint[] := array(select o.id from app.open_statuses o);
  v_work_ids bigint[] := array(select s.id from app.statuses s where s.category in ('new', 'open'));
  v_moment record;
  -- The ticket as it stands, without anything that happens; what happens to it; and its last solution, for as long as it lasts.
  v_now app.metric_facts;
  v_fact app.metric_facts;
  v_solution app.metric_facts;
  v_created_at timestamptz;
  v_status bigint;
  v_is_open boolean;
  v_was_open boolean;
  v_organization_schedule bigint;
  v_schedule bigint;
  -- Since when the oldest question waits, and since when the ticket has been in work; seconds of work so far.
  v_waiting timestamptz;
  v_working timestamptz;
  v_handle bigint;
  v_is_answered boolean;
  v_replies integer;
  v_solutions integer;
begin
  for v_moment in
    select * from app._ticket_moments(p_ids)
     union all
    -- Ends the last ticket.
    select null, null, 'creation', null, null, null, null, null, null, null
  loop
    if v_moment.kind = 'creation' then
      if v_solution.n is not null then
        v_solution.one_touch := (v_solutions = 1 and v_replies = 1)::integer;
        return next v_solution;
        v_solution := null;
      end if;
      exit when v_moment.ticket_id is null;
      v_now := v_moment.first;
      v_created_at := v_moment.at;
      v_status := v_moment.status_id;
      v_is_open := true;
      v_organization_schedule := v_moment.schedule_id;
      v_schedule := coalesce(v_organization_schedule, (select t.schedule_id from app.teams t where t.id = v_now.team_id));
      v_waiting := null;
      v_working := case when v_now.agent_id is not null and v_status = any (v_work_ids) then v_created_at end;
      v_handle := 0;
      v_is_answered := false;
      v_replies := 0;
      v_solutions := 0;
      v_now.n := 1;
      v_fact := v_now;
      v_fact.created := 1;
      v_fact.backlog := 1;
      return next v_fact;
      continue;
    end if;
    v_now.at := v_moment.at;
    case v_moment.kind
    when 'question' then
      v_waiting := coalesce(v_waiting, case when v_is_answered then v_moment.at end);
    when 'reply' then
      v_now.n := v_now.n + 1;
      v_fact := v_now;
      if v_moment.author_id is not null then
        v_fact.agent_id := v_moment.author_id;
        v_fact.replies := 1;
        v_replies := v_replies + 1;
      end if;
      if not v_is_answered then
        v_fact.first_reply := app._seconds(v_created_at, v_moment.at);
        v_fact.first_reply_business := app._business_seconds(v_created_at, v_moment.at, v_schedule);
      elsif v_waiting is not null then
        v_fact.next_reply := app._seconds(v_waiting, v_moment.at);
        v_fact.next_reply_business := app._business_seconds(v_waiting, v_moment.at, v_schedule);
      end if;
      v_is_answered := true;
      v_waiting := null;
      return next v_fact;
    when 'kept', 'breached' then
      v_now.n := v_now.n + 1;
      v_fact := v_now;
      v_fact.sla_kept := (v_moment.kind = 'kept')::integer;
      v_fact.sla_breached := (v_moment.kind = 'breached')::integer;
      return next v_fact;
    else
      v_was_open := v_is_open;
      v_fact := v_now;
      if v_moment.changes ? 'team_id' then
        v_now.team_id := (v_moment.changes #>> '{team_id,1}')::bigint;
        v_schedule := coalesce(v_organization_schedule, (select t.schedule_id from app.teams t where t.id = v_now.team_id));
      end if;
      if v_moment.changes ? 'assignee_id' then
        v_now.agent_id := (v_moment.changes #>> '{assignee_id,1}')::bigint;
      end if;
      if v_moment.changes ? 'channel' then
        v_now.channel := (v_moment.changes #>> '{channel,1}')::app.channel;
      end if;
      if v_moment.changes ? 'priority_id' then
        v_now.priority_id := (v_moment.changes #>> '{priority_id,1}')::bigint;
      end if;
      if v_moment.changes ? 'status_id' then
        v_status := (v_moment.changes #>> '{status_id,1}')::bigint;
      end if;
      if v_was_open and v_fact is distinct from v_now then
        -- It leaves one queue and comes to another.
        v_fact.n := v_now.n + 1;
        v_fact.backlog := -1;
        return next v_fact;
        v_now.n := v_now.n + 2;
        v_fact := v_now;
        v_fact.backlog := 1;
        return next v_fact;
      end if;
      v_handle := v_handle + coalesce(app._seconds(v_working, v_moment.at), 0);
      v_working := case when v_now.agent_id is not null and v_status = any (v_work_ids) then v_moment.at end;
      v_is_open := v_status = any (v_open_ids);
      if v_was_open and not v_is_open then
        v_now.n := v_now.n + 1;
        v_fact := v_now;
        v_fact.backlog := -1;
        if v_moment.is_merge then
          v_fact.merged := 1;
          return next v_fact;
        else
          v_fact.solved := 1;
          v_fact.full_resolution := app._seconds(v_created_at, v_moment.at);
          v_fact.full_resolution_business := app._business_seconds(v_created_at, v_moment.at, v_schedule);
          v_fact.handle := v_handle;
          if v_solutions = 0 then
            v_fact.resolution := v_fact.full_resolution;
            v_fact.resolution_business := v_fact.full_resolution_business;
          end if;
          v_solutions := v_solutions + 1;
          v_solution := v_fact;
        end if;
      elsif v_is_open and not v_was_open then
        if v_solution.n is not null then
          v_solution.full_resolution := null;
          v_solution.full_resolution_business := null;
          v_solution.handle := null;
          return next v_solution;
          v_solution := null;
        end if;
        v_now.n := v_now.n + 1;
        v_fact := v_now;
        v_fact.reopened := 1;
        v_fact.backlog := 1;
        return next v_fact;
      end if;
    end case;
  end loop;
end
$$;
