-- What happened to each ticket, as far as metrics count it (app/metrics/facts.sql): for whoever needs single tickets, or
-- exact percentiles.
create view reporting.metric_facts with (security_invoker = true) as
select f.ticket_id, f.n, f.at, f.team_id, t.name as team, f.agent_id, u.name as agent, f.channel, p.key as priority,
       f.created, f.solved, f.reopened, f.merged, f.replies, f.one_touch, f.sla_kept, f.sla_breached, f.backlog as backlog_change,
       f.first_reply as first_reply_seconds, f.first_reply_business as first_reply_business_seconds,
       f.next_reply as next_reply_seconds, f.next_reply_business as next_reply_business_seconds,
       f.resolution as resolution_seconds, f.resolution_business as resolution_business_seconds,
       f.full_resolution as full_resolution_seconds, f.full_resolution_business as full_resolution_business_seconds,
       f.handle as handle_seconds
  from app.metric_facts f
  left join app.teams t on t.id = f.team_id
  left join app.users u on u.id = f.agent_id
  left join app.priorities p on p.id = f.priority_id;
comment on view reporting.metric_facts is
  'One row each thing that happened to a ticket the reader may see: 1 in the column of what it was, with team, agent and priority of that moment (of a reply its author), and how many seconds it took by the clock and in business hours. full_resolution and handle (time that it was new or open and had an agent) stand at the last solution of a ticket that is not open again. Example: select team, percentile_cont(0.9) within group (order by first_reply_seconds) from reporting.metric_facts group by 1';
