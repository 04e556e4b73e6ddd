-- What was done by half-hours, team, agent, channel and priority: sums that the worker keeps, so that a year is read at once.
-- Ids of what was removed since have no name.
create view reporting.metrics with (security_invoker = true) as
select m.slot as starts_at, m.team_id, t.name as team, m.agent_id, u.name as agent, m.channel, p.key as priority,
       coalesce(m.created, 0) as created, coalesce(m.solved, 0) as solved, coalesce(m.reopened, 0) as reopened,
       coalesce(m.merged, 0) as merged, coalesce(m.replies, 0) as replies, coalesce(m.one_touch, 0) as one_touch,
       coalesce(m.sla_kept, 0) as sla_kept, coalesce(m.sla_breached, 0) as sla_breached, coalesce(m.backlog, 0) as backlog_change,
       coalesce(m.first_reply_count, 0) as first_reply_count, coalesce(m.first_reply_seconds, 0) as first_reply_seconds, m.first_reply_sketch,
       coalesce(m.first_reply_business_seconds, 0) as first_reply_business_seconds, m.first_reply_business_sketch, coalesce(m.next_reply_count, 0) as next_reply_count,
       coalesce(m.next_reply_seconds, 0) as next_reply_seconds, m.next_reply_sketch, coalesce(m.next_reply_business_seconds, 0) as next_reply_business_seconds,
       m.next_reply_business_sketch, coalesce(m.resolution_count, 0) as resolution_count, coalesce(m.resolution_seconds, 0) as resolution_seconds,
       m.resolution_sketch, coalesce(m.resolution_business_seconds, 0) as resolution_business_seconds, m.resolution_business_sketch,
       coalesce(m.full_resolution_count, 0) as full_resolution_count, coalesce(m.full_resolution_seconds, 0) as full_resolution_seconds, m.full_resolution_sketch,
       coalesce(m.full_resolution_business_seconds, 0) as full_resolution_business_seconds, m.full_resolution_business_sketch, coalesce(m.handle_count, 0) as handle_count,
       coalesce(m.handle_seconds, 0) as handle_seconds, m.handle_sketch
  from app.metrics m
  left join app.teams t on t.id = m.team_id
  left join app.users u on u.id = m.agent_id
  left join app.priorities p on p.id = m.priority_id
 where m.grain = 'all';
comment on view reporting.metrics is
  'One row a half-hour, team, agent, channel and priority, of those at that moment: counts, durations as count, sum in seconds and sketch (autocrm.quantile(autocrm.merge_sketches(first_reply_sketch), 0.9) is the 90th percentile, at most 1 % off). backlog_change is tickets that came to be open less those that ceased to be. Example: select team, sum(solved) as solved, sum(first_reply_seconds) / nullif(sum(first_reply_count), 0) as first_reply, autocrm.quantile(autocrm.merge_sketches(first_reply_sketch), 0.9) as p90 from reporting.metrics where starts_at >= current_date - 30 group by 1';
comment on column reporting.metrics.starts_at is 'Begin of the half-hour.';
comment on column reporting.metrics.team_id is 'Team of that moment: reporting.teams.id; NULL without one.';
comment on column reporting.metrics.team is 'Name of the team; NULL where it was removed since.';
comment on column reporting.metrics.agent_id is 'Assignee of that moment, of a reply its author: reporting.agents.id; NULL without one.';
comment on column reporting.metrics.agent is 'Name of the agent; NULL where it was removed since.';
comment on column reporting.metrics.channel is 'How the ticket came in.';
comment on column reporting.metrics.priority is 'Key of the priority of that moment.';
comment on column reporting.metrics.created is 'Tickets that came in.';
comment on column reporting.metrics.solved is 'How often open tickets were solved or closed.';
comment on column reporting.metrics.reopened is 'How often solved or closed tickets were opened again.';
comment on column reporting.metrics.merged is 'Tickets that were merged into others.';
comment on column reporting.metrics.replies is 'Public replies of the staff.';
comment on column reporting.metrics.one_touch is 'Tickets that were solved once, with exactly one reply.';
comment on column reporting.metrics.sla_kept is 'Targets that were met.';
comment on column reporting.metrics.sla_breached is 'Targets that ran out unmet.';
comment on column reporting.metrics.backlog_change is 'Tickets that came to be open here less those that ceased to be.';
comment on column reporting.metrics.first_reply_count is 'How many times from creation to the first reply are summed up.';
comment on column reporting.metrics.first_reply_seconds is 'Their sum, in seconds by the clock.';
comment on column reporting.metrics.first_reply_sketch is 'Their distribution in seconds, for autocrm.merge_sketches and autocrm.quantile.';
comment on column reporting.metrics.first_reply_business_seconds is 'Their sum in seconds of business time.';
comment on column reporting.metrics.first_reply_business_sketch is 'Their distribution in seconds of business time.';
comment on column reporting.metrics.next_reply_count is 'How many times from the oldest unanswered message of the customer to the reply are summed up.';
comment on column reporting.metrics.next_reply_seconds is 'Their sum, in seconds by the clock.';
comment on column reporting.metrics.next_reply_sketch is 'Their distribution in seconds, for autocrm.merge_sketches and autocrm.quantile.';
comment on column reporting.metrics.next_reply_business_seconds is 'Their sum in seconds of business time.';
comment on column reporting.metrics.next_reply_business_sketch is 'Their distribution in seconds of business time.';
comment on column reporting.metrics.resolution_count is 'How many times from creation to the first solution are summed up.';
comment on column reporting.metrics.resolution_seconds is 'Their sum, in seconds by the clock.';
comment on column reporting.metrics.resolution_sketch is 'Their distribution in seconds, for autocrm.merge_sketches and autocrm.quantile.';
comment on column reporting.metrics.resolution_business_seconds is 'Their sum in seconds of business time.';
comment on column reporting.metrics.resolution_business_sketch is 'Their distribution in seconds of business time.';
comment on column reporting.metrics.full_resolution_count is 'How many times from creation to the last solution of a ticket that is not open again are summed up.';
comment on column reporting.metrics.full_resolution_seconds is 'Their sum, in seconds by the clock.';
comment on column reporting.metrics.full_resolution_sketch is 'Their distribution in seconds, for autocrm.merge_sketches and autocrm.quantile.';
comment on column reporting.metrics.full_resolution_business_seconds is 'Their sum in seconds of business time.';
comment on column reporting.metrics.full_resolution_business_sketch is 'Their distribution in seconds of business time.';
comment on column reporting.metrics.handle_count is 'How many solved tickets have a time of handling.';
comment on column reporting.metrics.handle_seconds is 'Sum of the seconds in which they were new or open and had an agent.';
comment on column reporting.metrics.handle_sketch is 'Distribution of those seconds.';
