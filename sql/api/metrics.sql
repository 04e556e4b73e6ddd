-- Metrics: what was done in a time, by team, agent, channel or priority. Rows of app.metrics (app/metrics/) are summed with
-- the rights of the caller.

create function api._duration(p_count bigint, p_seconds bigint, p_sketch bytea)
  returns jsonb
  language plpgsql stable
  set search_path = ''
as $$
begin
  return jsonb_build_object(
    'count', p_count, 'average', round(coalesce(p_seconds, 0)::numeric / nullif(p_count, 0))::bigint,
    'p50', round(autocrm.quantile(p_sketch, 0.5))::bigint, 'p90', round(autocrm.quantile(p_sketch, 0.9))::bigint,
    'p99', round(autocrm.quantile(p_sketch, 0.99))::bigint);
end
$$;

-- A sum of metrics as it is answered. NULL is a sum of nothing. In PL/pgSQL, which keeps its plan: there are hundreds of them.
create function api._measures(p_sum app.metrics, p_backlog bigint)
  returns jsonb
  language plpgsql stable
  set search_path = ''
as $$
begin
  return jsonb_build_object(
    'created', coalesce(p_sum.created, 0), 'solved', coalesce(p_sum.solved, 0), 'reopened', coalesce(p_sum.reopened, 0),
    'merged', coalesce(p_sum.merged, 0), 'replies', coalesce(p_sum.replies, 0), 'one_touch', coalesce(p_sum.one_touch, 0),
    'sla_kept', coalesce(p_sum.sla_kept, 0), 'sla_breached', coalesce(p_sum.sla_breached, 0), 'backlog', coalesce(p_backlog, 0),
    'first_reply', api._duration(coalesce(p_sum.first_reply_count, 0), p_sum.first_reply_seconds, p_sum.first_reply_sketch),
    'first_reply_business', api._duration(coalesce(p_sum.first_reply_count, 0), p_sum.first_reply_business_seconds, p_sum.first_reply_business_sketch),
    'next_reply', api._duration(coalesce(p_sum.next_reply_count, 0), p_sum.next_reply_seconds, p_sum.next_reply_sketch),
    'next_reply_business', api._duration(coalesce(p_sum.next_reply_count, 0), p_sum.next_reply_business_seconds, p_sum.next_reply_business_sketch),
    'resolution', api._duration(coalesce(p_sum.resolution_count, 0), p_sum.resolution_seconds, p_sum.resolution_sketch),
    'resolution_business', api._duration(coalesce(p_sum.resolution_count, 0), p_sum.resolution_business_seconds, p_sum.resolution_business_sketch),
    'full_resolution', api._duration(coalesce(p_sum.full_resolution_count, 0), p_sum.full_resolution_seconds, p_sum.full_resolution_sketch),
    'full_resolution_business', api._duration(coalesce(p_sum.full_resolution_count, 0), p_sum.full_resolution_business_seconds, p_sum.full_resolution_business_sketch),
    'handle', api._duration(coalesce(p_sum.handle_count, 0), p_sum.handle_seconds, p_sum.handle_sketch));
end
$$;

-- The ids of a filter, with 0 for `none`; NULL without the filter.
create function api._metric_ids(p_query jsonb, p_key text)
  returns bigint[]
  language sql immutable
  set search_path = ''
as $$
  select case when p_query ? p_key then array(
    select case x when 'none' then 0 else x::bigint end from unnest(string_to_array(p_query ->> p_key, ',')) x) end
$$;

-- A bound of the range: a point in time, or the beginning of a day in the zone.
create function api._metric_bound(p_text text, p_zone text)
  returns timestamptz
  language sql stable
  set search_path = ''
as $$
  select case when p_text ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' then (api._instant(p_text) at time zone 'UTC') at time zone p_zone
              else api._instant(p_text) end
$$;

-- All problems of a query of metrics, and p_keys is what it may ask.
create function api._metric_problems(p_query jsonb, p_keys text[])
  returns text[]
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_zone text := app.time_zone_problem(p_query ->> 'time_zone');
  v_problems text[] := api._query_problems(p_query, p_keys) || api._check_times(p_query, array['from', 'to']);
begin
  if v_zone is not null then
    v_problems := v_problems || format('time_zone: %s', v_zone);
  end if;
  -- The range before, and the points that begin before the first, are answered too.
  v_problems := v_problems || array(
    select format('%s: must lie in the years 1970 to 9998', k) from unnest(array['from', 'to']) k
     where extract(year from api._instant(p_query ->> k) at time zone 'UTC') not between 1970 and 9998);
  return v_problems
    || api._check_words(p_query, 'interval', array['hour', 'day', 'week', 'month'])
    || api._check_words(p_query, 'group_by', array['team', 'agent', 'channel', 'priority'])
    || api._check_words(p_query, 'compare', array['previous'])
    || api._check_words(p_query, 'channel', enum_range(null::app.channel)::text[])
    || api._check_words(p_query, 'priority', array(select p.key from app.priorities p order by p.weight))
    || array(
      select format('%s: must be whole numbers or none, separated by commas', k)
        from unnest(array['team', 'agent']) k
       where p_query ? k and p_query ->> k !~ '^([1-9][0-9]{0,17}|none)(,([1-9][0-9]{0,17}|none)){0,99}$')
    || array(
      select format('%s: must be one word', k) from unnest(array['interval', 'group_by', 'compare']) k
       where p_query ->> k = '' or p_query ->> k like '%,%')
    || array(
      select format('%s: must not be empty', k) from unnest(array['channel', 'priority']) k where p_query ->> k = '');
end
$$;

-- The sums of a range. p_agent_id limits them to one agent, of all teams. The parameters decide about indexes, so plans are
-- made for them.
create function api._metrics(p_query jsonb, p_agent_id bigint)
  returns json
  language plpgsql stable
  set search_path = ''
  set plan_cache_mode = force_custom_plan
  set jit = off
as $$
declare
  v_most_points constant integer := 400;
  v_most_groups constant integer := 200;
  v_zone text := coalesce(p_query ->> 'time_zone', (select u.time_zone from app.users u where u.id = autocrm.actor_id()), 'UTC');
  v_interval text := coalesce(p_query ->> 'interval', 'day');
  v_group text := p_query ->> 'group_by';
  v_from timestamptz := api._metric_bound(p_query ->> 'from', v_zone);
  v_to timestamptz := coalesce(api._metric_bound(p_query ->> 'to', v_zone), autocrm.now());
  v_before timestamptz;
  v_step interval := case when v_interval in ('hour', 'day', 'week', 'month') then ('1 ' || v_interval)::interval end;
  v_points bigint;
  v_bounds timestamptz[];
  v_teams bigint[] := api._metric_ids(p_query, 'team');
  v_agents bigint[] := case when p_agent_id is not null then array[p_agent_id] else api._metric_ids(p_query, 'agent') end;
  v_channels app.channel[] := string_to_array(p_query ->> 'channel', ',')::app.channel[];
  v_priorities bigint[] := case when p_query ? 'priority' then array(
    select p.id from app.priorities p where p.key = any (string_to_array(p_query ->> 'priority', ','))) end;
  -- What the caller sees of their own beside their teams is in their own metrics alone.
  v_within bigint[] := case when p_agent_id is null and autocrm.actor_id() is not null and not autocrm.actor_sees_all()
                            then autocrm.actor_team_ids() end;
  v_by text[];
  v_grain text;
  -- How long the times are that most is read by; the long ones in which a bound lies are read by half-hours.
  v_minutes integer;
  v_cut timestamptz[];
  v_fine timestamptz[];
  v_whole timestamptz;
begin
  v_from := app.metric_slot(coalesce(v_from, (date_trunc('day', v_to at time zone v_zone) - interval '29 days') at time zone v_zone));
  -- A range ends with the half-hour that its end lies in.
  v_to := app.metric_slot(v_to + interval '30 minutes' - interval '1 microsecond');
  if v_to <= v_from then
    perform api._refuse('These metrics cannot be counted', array['to: must be after from']);
  end if;
  -- Counted before they are made.
  v_points := case v_interval
    when 'hour' then extract(epoch from v_to - v_from) / 3600
    when 'day' then extract(epoch from v_to - v_from) / 86400
    when 'week' then extract(epoch from v_to - v_from) / 604800
    else extract(epoch from v_to - v_from) / 2629746 end;
  if v_points > v_most_points then
    perform api._refuse('These metrics cannot be counted', array[
      format('interval: gives %s points, at most %s are answered; ask for a longer interval or a shorter range', v_points, v_most_points)]);
  end if;
  if v_interval = 'hour' then
    v_bounds := array(select g from generate_series(v_from, v_to - interval '1 microsecond', v_step) g);
  else
    v_bounds := array(
      select distinct greatest(app.metric_slot(g at time zone v_zone), v_from) as at
        from generate_series(date_trunc(v_interval, v_from at time zone v_zone), v_to at time zone v_zone, v_step) g
       where g at time zone v_zone < v_to
       order by at);
  end if;
  if p_query ? 'compare' then
    -- As many days before as the range has, whatever the clocks did.
    v_before := app.metric_slot(((v_from at time zone v_zone) - ((v_to at time zone v_zone) - (v_from at time zone v_zone))) at time zone v_zone);
  end if;
  v_by := array(
    select x from unnest(array[
      case when v_agents is not null or v_group = 'agent' then 'agent' end,
      case when v_channels is not null or v_group = 'channel' then 'channel' end,
      case when v_priorities is not null or v_group = 'priority' then 'priority' end]) x where x is not null);
  v_grain := case cardinality(v_by) when 0 then 'team' when 1 then v_by[1] else 'all' end;
  v_minutes := case v_grain when 'all' then 30 else 360 end;
  v_cut := array(
    select distinct app.metric_slot(b, v_minutes) from unnest(v_bounds || v_before || v_to) b where b <> app.metric_slot(b, v_minutes));
  v_fine := array(
    select g from unnest(v_cut) c (at) cross join lateral generate_series(c.at, c.at + interval '330 minutes', interval '30 minutes') g
     where g >= coalesce(v_before, v_from) and g < v_to);
  v_whole := app.metric_slot(v_to + make_interval(mins => v_minutes) - interval '1 microsecond', v_minutes);
  return (
    with cells as materialized (
      select m.slot >= v_from as is_now, width_bucket(m.slot, v_bounds) as bucket,
             case v_group when 'team' then m.team_id::text when 'agent' then m.agent_id::text
                          when 'channel' then m.channel::text when 'priority' then m.priority_id::text end as part,
             sum(m.facts)::bigint as facts, sum(m.created)::bigint as created, sum(m.solved)::bigint as solved,
             sum(m.reopened)::bigint as reopened, sum(m.merged)::bigint as merged, sum(m.replies)::bigint as replies,
             sum(m.one_touch)::bigint as one_touch, sum(m.sla_kept)::bigint as sla_kept, sum(m.sla_breached)::bigint as sla_breached,
             sum(m.backlog)::bigint as backlog, sum(m.first_reply_count)::bigint as first_reply_count, sum(m.first_reply_seconds)::bigint as first_reply_seconds,
             autocrm.merge_sketches(m.first_reply_sketch) as first_reply_sketch, sum(m.first_reply_business_seconds)::bigint as first_reply_business_seconds, autocrm.merge_sketches(m.first_reply_business_sketch) as first_reply_business_sketch,
             sum(m.next_reply_count)::bigint as next_reply_count, sum(m.next_reply_seconds)::bigint as next_reply_seconds, autocrm.merge_sketches(m.next_reply_sketch) as next_reply_sketch,
             sum(m.next_reply_business_seconds)::bigint as next_reply_business_seconds, autocrm.merge_sketches(m.next_reply_business_sketch) as next_reply_business_sketch, sum(m.resolution_count)::bigint as resolution_count,
             sum(m.resolution_seconds)::bigint as resolution_seconds, autocrm.merge_sketches(m.resolution_sketch) as resolution_sketch, sum(m.resolution_business_seconds)::bigint as resolution_business_seconds,
             autocrm.merge_sketches(m.resolution_business_sketch) as resolution_business_sketch, sum(m.full_resolution_count)::bigint as full_resolution_count, sum(m.full_resolution_seconds)::bigint as full_resolution_seconds,
             autocrm.merge_sketches(m.full_resolution_sketch) as full_resolution_sketch, sum(m.full_resolution_business_seconds)::bigint as full_resolution_business_seconds, autocrm.merge_sketches(m.full_resolution_business_sketch) as full_resolution_business_sketch,
             sum(m.handle_count)::bigint as handle_count, sum(m.handle_seconds)::bigint as handle_seconds, autocrm.merge_sketches(m.handle_sketch) as handle_sketch
        from (
          select l.* from app.metrics l
           where l.grain = v_grain and l.minutes = v_minutes and l.slot >= coalesce(v_before, v_from) and l.slot < v_to and l.slot <> all (v_cut)
           union all
          select h.* from app.metrics h where h.grain = v_grain and h.minutes = 30 and h.slot = any (v_fine)) m
       where (v_teams is null or coalesce(m.team_id, 0) = any (v_teams))
         and (v_within is null or m.team_id is null or m.team_id = any (v_within))
         and (v_agents is null or m.agent_id = any (v_agents) or m.agent_id is null and 0 = any (v_agents))
         and (v_channels is null or m.channel = any (v_channels))
         and (v_priorities is null or m.priority_id = any (v_priorities))
       group by 1, 2, 3
    ), queue as materialized (
      -- Open tickets at the end of the range: those of now without what came and left since.
      select q.part, sum(q.backlog)::bigint as backlog
        from (
          select case v_group when 'team' then m.team_id::text when 'agent' then m.agent_id::text
                              when 'channel' then m.channel::text when 'priority' then m.priority_id::text end as part,
                 case m.grain when 'now' then m.backlog else -m.backlog end as backlog
            from app.metrics m
           where (m.grain = 'now' or m.grain = v_grain and m.minutes = v_minutes and m.slot >= v_whole
                  or m.grain = v_grain and m.minutes = 30 and m.slot >= v_to and m.slot < v_whole)
             and (v_teams is null or coalesce(m.team_id, 0) = any (v_teams))
             and (v_within is null or m.team_id is null or m.team_id = any (v_within))
             and (v_agents is null or m.agent_id = any (v_agents) or m.agent_id is null and 0 = any (v_agents))
             and (v_channels is null or m.channel = any (v_channels))
             and (v_priorities is null or m.priority_id = any (v_priorities))) q
       group by 1
    ), sums as materialized (
      select grouping(c.bucket) = 0 as is_point, grouping(c.part) = 0 as is_part, c.is_now, c.bucket, c.part,
             row(null, null, null, null, null, null, null,
                 sum(c.facts)::bigint, sum(c.created)::bigint, sum(c.solved)::bigint, sum(c.reopened)::bigint,
                 sum(c.merged)::bigint, sum(c.replies)::bigint, sum(c.one_touch)::bigint, sum(c.sla_kept)::bigint,
                 sum(c.sla_breached)::bigint, sum(c.backlog)::bigint, sum(c.first_reply_count)::bigint, sum(c.first_reply_seconds)::bigint,
                 autocrm.merge_sketches(c.first_reply_sketch), sum(c.first_reply_business_seconds)::bigint, autocrm.merge_sketches(c.first_reply_business_sketch), sum(c.next_reply_count)::bigint,
                 sum(c.next_reply_seconds)::bigint, autocrm.merge_sketches(c.next_reply_sketch), sum(c.next_reply_business_seconds)::bigint, autocrm.merge_sketches(c.next_reply_business_sketch),
                 sum(c.resolution_count)::bigint, sum(c.resolution_seconds)::bigint, autocrm.merge_sketches(c.resolution_sketch), sum(c.resolution_business_seconds)::bigint,
                 autocrm.merge_sketches(c.resolution_business_sketch), sum(c.full_resolution_count)::bigint, sum(c.full_resolution_seconds)::bigint, autocrm.merge_sketches(c.full_resolution_sketch),
                 sum(c.full_resolution_business_seconds)::bigint, autocrm.merge_sketches(c.full_resolution_business_sketch), sum(c.handle_count)::bigint, sum(c.handle_seconds)::bigint,
                 autocrm.merge_sketches(c.handle_sketch))::app.metrics as sum
        from cells c
       group by grouping sets ((c.is_now), (c.is_now, c.bucket), (c.is_now, c.part))
    ), total as (
      select (select s.sum from sums s where s.is_now and not s.is_point and not s.is_part) as now,
             (select s.sum from sums s where not s.is_now and not s.is_point and not s.is_part) as before,
             coalesce((select sum(q.backlog) from queue q), 0)::bigint as backlog
    ), points as (
      select b.n, b.at, s.sum,
             t.backlog - coalesce(sum((s.sum).backlog) over (order by b.n desc rows between unbounded preceding and 1 preceding), 0)::bigint as backlog
        from total t
       cross join unnest(v_bounds) with ordinality b (at, n)
        left join sums s on s.is_now and s.is_point and s.bucket = b.n
    ), parts as (
      select coalesce(s.part, q.part) as part, s.sum, coalesce(q.backlog, 0) as backlog,
             row_number() over (order by coalesce((s.sum).facts, 0) desc, coalesce(q.backlog, 0) desc, coalesce(s.part, q.part)) as n
        from (select o.part, o.sum from sums o where o.is_now and o.is_part) s
        full join (select o.part, o.backlog from queue o where o.backlog <> 0) q on coalesce(q.part, '') = coalesce(s.part, '')
       where v_group is not null
    )
    select json_build_object(
             'from', v_from, 'to', v_to, 'time_zone', v_zone, 'interval', v_interval, 'group_by', v_group,
             'total', api._measures(t.now, t.backlog),
             'previous', case when v_before is not null then
               json_build_object(
                 'from', v_before, 'to', v_from, 'measures', api._measures(t.before, t.backlog - coalesce((t.now).backlog, 0))) end,
             'series', (
               select json_agg(json_build_object('from', p.at, 'to', coalesce(v_bounds[p.n + 1], v_to), 'measures', api._measures(p.sum, p.backlog)) order by p.n)
                 from points p),
             'groups', coalesce((
               select json_agg(g.item || jsonb_build_object('measures', api._measures(p.sum, p.backlog)) order by p.n)
                 from parts p
                cross join lateral (
                  select case v_group
                    when 'team' then jsonb_build_object('id', p.part::bigint, 'key', null, 'name', (select x.name from app.teams x where x.id = p.part::bigint))
                    when 'agent' then jsonb_build_object('id', p.part::bigint, 'key', null, 'name', (select x.name from app.users x where x.id = p.part::bigint))
                    when 'channel' then jsonb_build_object('id', null, 'key', p.part, 'name', null)
                    else (select jsonb_build_object('id', x.id, 'key', x.key, 'name', x.label) from app.priorities x where x.id = p.part::bigint)
                  end) g (item)
                where p.n <= v_most_groups), '[]'),
             'groups_left_off', greatest((select count(*) from parts) - v_most_groups, 0),
             'rebuild', app.metric_rebuild_progress())
      from total t);
end
$$;

create function api._need_metrics()
  returns void
  language plpgsql stable
  set search_path = ''
as $$
begin
  perform api._need_scope('tickets:read');
  if coalesce(autocrm.actor_role() = 'customer', false) then
    perform autocrm.fail('TK403', 'Metrics are for the staff', null, 'Ask an administrator.');
  end if;
end
$$;

create function api.get_metrics(p_query jsonb default '{}')
  returns json
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_query jsonb := jsonb_strip_nulls(coalesce(p_query, '{}'));
  v_problems text[];
begin
  perform api._need_metrics();
  v_problems := api._metric_problems(v_query, array[
    'from', 'to', 'time_zone', 'interval', 'group_by', 'compare', 'team', 'agent', 'channel', 'priority']);
  if v_problems <> '{}' then
    perform api._refuse('These metrics cannot be counted', v_problems);
  end if;
  return api._metrics(v_query, null);
end
$$;
comment on function api.get_metrics(jsonb) is
  'What was done in a time, of the tickets of the caller''s teams and those without a team, or of all: {from, to, time_zone, interval, group_by, total, previous, series, groups, groups_left_off, rebuild}. p_query: from and to (points in time, or dates of time_zone; by default from 29 days before the day of to, and until now; in whole half-hours: days of zones like that of Nepal, a quarter of an hour off, begin 15 minutes early), time_zone (the caller''s by default), interval (hour, day, week or month; at most 400 points), group_by (team, agent, channel or priority; the 200 with most), compare (previous: the range before, as long), and filters team and agent (ids or none), channel, priority. previous ({from, to, measures}), the points of series ({from, to, measures}) and the groups ({id, key, name, measures}; nulls for none) have measures as total: {created, solved, reopened, merged, replies, one_touch, sla_kept, sla_breached, backlog, first_reply, next_reply, resolution, full_resolution, first_reply_business …, handle}; backlog is how many tickets were open at the end; durations are {count, average, p50, p90, p99} in seconds, percentiles at most 1 % off. rebuild is {done, total, started_at} while all is counted anew, and numbers are too low. TK403, TK422. Example: select api.get_metrics(''{"from": "2026-11-01", "to": "2026-12-01", "time_zone": "Europe/Berlin", "group_by": "team", "compare": "previous"}'')';

create function api.get_my_metrics(p_query jsonb default '{}')
  returns json
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_query jsonb := jsonb_strip_nulls(coalesce(p_query, '{}'));
  v_problems text[];
begin
  if autocrm.actor_id() is null then
    raise exception using errcode = 'TK401', message = 'Nobody is signed in', hint = 'Log in.';
  end if;
  perform api._need_metrics();
  v_problems := api._metric_problems(v_query, array['from', 'to', 'time_zone', 'interval', 'compare']);
  if v_problems <> '{}' then
    perform api._refuse('These metrics cannot be counted', v_problems);
  end if;
  return api._metrics(v_query, autocrm.actor_id());
end
$$;
comment on function api.get_my_metrics(jsonb) is
  'The caller''s own work in a time, whatever the team: tickets that were theirs, and their replies; as get_metrics answers it, without groups. p_query: from, to, time_zone, interval, compare. TK401, TK403, TK422. Example: select api.get_my_metrics(''{"interval": "week", "compare": "previous"}'')';

-- Definer: the worker's rows belong to the owner alone.
create function api._rebuild_metrics()
  returns void
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform api._need_admin('rebuild metrics');
  perform app.begin_metric_rebuild();
end
$$;

create function api.rebuild_metrics()
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
begin
  perform api._need_admin('rebuild metrics');
  perform api._rebuild_metrics();
  return json_build_object('rebuild', app.metric_rebuild_progress());
end
$$;
comment on function api.rebuild_metrics() is
  'Empties the metrics and has the worker count all tickets anew, with the statuses, roles and schedules of today; answers {rebuild: {done, total, started_at}}, as get_metrics does until it has ended. TK403 for all but admins. Example: select api.rebuild_metrics()';
