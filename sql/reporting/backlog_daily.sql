-- How many tickets were open at the end of each day (UTC), from the changes that metrics count.
create view reporting.backlog_daily with (security_invoker = true) as
with changes as (
  select (m.slot at time zone 'UTC')::date as day, m.team_id, m.priority_id, sum(m.backlog)::bigint as change
    from app.metrics m
   where m.grain = 'priority' and m.minutes = 360
   group by 1, 2, 3
), queues as (
  select c.team_id, c.priority_id, min(c.day) as since from changes c group by 1, 2
)
select d.day::date as day, q.team_id, t.name as team, p.key as priority,
       coalesce(sum(c.change) over (partition by q.team_id, q.priority_id order by d.day), 0)::bigint as open
  from queues q
 cross join lateral generate_series(q.since::timestamp, autocrm.now() at time zone 'UTC', interval '1 day') d (day)
  left join changes c on c.day = d.day::date and c.team_id is not distinct from q.team_id and c.priority_id = q.priority_id
  left join app.teams t on t.id = q.team_id
  left join app.priorities p on p.id = q.priority_id;
comment on view reporting.backlog_daily is
  'One row a UTC day, team and priority since its first ticket: how many were open when the day ended (today: now). Example: select day, sum(open) as open from reporting.backlog_daily group by 1 order by 1';
comment on column reporting.backlog_daily.day is 'The day, in UTC; today is as it is now.';
comment on column reporting.backlog_daily.team_id is 'The team: reporting.teams.id; NULL for tickets without one.';
comment on column reporting.backlog_daily.team is 'Name of the team.';
comment on column reporting.backlog_daily.priority is 'Key of the priority.';
comment on column reporting.backlog_daily.open is 'Tickets that were open when the day ended.';
