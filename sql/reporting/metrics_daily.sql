-- What each team did by day (UTC). Another zone's days are made of reporting.metrics.
create view reporting.metrics_daily with (security_invoker = true) as
select (m.slot at time zone 'UTC')::date as day, m.team_id, t.name as team,
       coalesce(sum(m.created), 0)::bigint as created, coalesce(sum(m.solved), 0)::bigint as solved, coalesce(sum(m.reopened), 0)::bigint as reopened,
       coalesce(sum(m.replies), 0)::bigint as replies, coalesce(sum(m.one_touch), 0)::bigint as one_touch,
       coalesce(sum(m.sla_kept), 0)::bigint as sla_kept, coalesce(sum(m.sla_breached), 0)::bigint as sla_breached,
       round(sum(m.first_reply_seconds) / nullif(sum(m.first_reply_count), 0) / 60, 1) as first_reply_minutes,
       round(autocrm.quantile(autocrm.merge_sketches(m.first_reply_sketch), 0.5)::numeric / 60, 1) as first_reply_minutes_p50,
       round(autocrm.quantile(autocrm.merge_sketches(m.first_reply_sketch), 0.9)::numeric / 60, 1) as first_reply_minutes_p90,
       round(sum(m.resolution_seconds) / nullif(sum(m.resolution_count), 0) / 60, 1) as resolution_minutes,
       round(autocrm.quantile(autocrm.merge_sketches(m.resolution_sketch), 0.5)::numeric / 60, 1) as resolution_minutes_p50,
       round(autocrm.quantile(autocrm.merge_sketches(m.resolution_sketch), 0.9)::numeric / 60, 1) as resolution_minutes_p90
  from app.metrics m
  left join app.teams t on t.id = m.team_id
 where m.grain = 'team' and m.minutes = 360
 group by 1, 2, 3;
comment on view reporting.metrics_daily is
  'One row a UTC day and team of that time: counts, and minutes by the clock to the first reply and to the first solution, as average, median and 90th percentile. Example: select day, team, solved, first_reply_minutes_p90 from reporting.metrics_daily order by day desc, team';
comment on column reporting.metrics_daily.day is 'The day, in UTC.';
comment on column reporting.metrics_daily.team_id is 'Team of that moment: reporting.teams.id; NULL without one.';
comment on column reporting.metrics_daily.team is 'Name of the team; NULL where it was removed since.';
comment on column reporting.metrics_daily.created is 'Tickets that came in.';
comment on column reporting.metrics_daily.solved is 'How often open tickets were solved or closed.';
comment on column reporting.metrics_daily.reopened is 'How often solved or closed tickets were opened again.';
comment on column reporting.metrics_daily.replies is 'Public replies of the staff.';
comment on column reporting.metrics_daily.one_touch is 'Tickets that were solved once, with exactly one reply.';
comment on column reporting.metrics_daily.sla_kept is 'Targets that were met.';
comment on column reporting.metrics_daily.sla_breached is 'Targets that ran out unmet.';
comment on column reporting.metrics_daily.first_reply_minutes is 'Average minutes by the clock from creation to the first reply.';
comment on column reporting.metrics_daily.first_reply_minutes_p50 is 'Median of those minutes, at most 1 % off.';
comment on column reporting.metrics_daily.first_reply_minutes_p90 is '90th percentile of those minutes, at most 1 % off.';
comment on column reporting.metrics_daily.resolution_minutes is 'Average minutes by the clock from creation to the first solution.';
comment on column reporting.metrics_daily.resolution_minutes_p50 is 'Median of those minutes, at most 1 % off.';
comment on column reporting.metrics_daily.resolution_minutes_p90 is '90th percentile of those minutes, at most 1 % off.';
