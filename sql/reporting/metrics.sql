-- What was done by half-hours, team, agent, channel and priority: sums that the worker keeps, so that a year is read at once.
-- Ids of what was removed since have no name.
create view reporting.metrics with (security_invoker = true) as
select m.slot as starts_at, m.team_id, t.name as team, m.agent_id, u.name as agent, m.channel, p.key as priority,
       m.created, m.solved, m.reopened, m.merged, m.replies, m.one_touch, m.sla_kept, m.sla_breached, m.backlog as backlog_change,
       m.first_reply_count, m.first_reply_seconds, m.first_reply_sketch, m.first_reply_business_seconds, m.first_reply_business_sketch,
       m.next_reply_count, m.next_reply_seconds, m.next_reply_sketch, m.next_reply_business_seconds, m.next_reply_business_sketch,
       m.resolution_count, m.resolution_seconds, m.resolution_sketch, m.resolution_business_seconds, m.resolution_business_sketch,
       m.full_resolution_count, m.full_resolution_seconds, m.full_resolution_sketch, m.full_resolution_business_seconds,
       m.full_resolution_business_sketch, m.handle_count, m.handle_seconds, m.handle_sketch
  from app.metrics m
  left join app.teams t on t.id = m.team_id
  left join app.users u on u.id = m.agent_id
  left join app.priorities p on p.id = m.priority_id
 where m.grain = 'all';
comment on view reporting.metrics is
  'One row a half-hour, team, agent, channel and priority, of those at that moment: counts, durations as count, sum in seconds and sketch (autocrm.quantile(autocrm.merge_sketches(first_reply_sketch), 0.9) is the 90th percentile, at most 1 % off). backlog_change is tickets that came to be open less those that ceased to be. Example: select team, sum(solved) as solved, sum(first_reply_seconds) / nullif(sum(first_reply_count), 0) as first_reply, autocrm.quantile(autocrm.merge_sketches(first_reply_sketch), 0.9) as p90 from reporting.metrics where starts_at >= current_date - 30 group by 1';
