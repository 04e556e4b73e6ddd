-- What each team did by day (UTC). Another zone's days are made of reporting.metrics.
create view reporting.metrics_daily with (security_invoker = true) as
select (m.slot at time zone 'UTC')::date as day, m.team_id, t.name as team,
       sum(m.created)::bigint as created, sum(m.solved)::bigint as solved, sum(m.reopened)::bigint as reopened,
       sum(m.replies)::bigint as replies, sum(m.one_touch)::bigint as one_touch,
       sum(m.sla_kept)::bigint as sla_kept, sum(m.sla_breached)::bigint as sla_breached,
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
