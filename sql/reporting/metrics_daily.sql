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
 where m.grain = 'team'
 group by 1, 2, 3;
comment on view reporting.metrics_daily is
  'One row a UTC day and team of that time: counts, and minutes by the clock to the first reply and to the first solution, as average, median and 90th percentile. Example: select day, team, solved, first_reply_minutes_p90 from reporting.metrics_daily order by day desc, team';
