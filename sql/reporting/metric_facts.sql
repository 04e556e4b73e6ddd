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
comment on column reporting.metric_facts.ticket_id is 'The ticket: reporting.tickets.id.';
comment on column reporting.metric_facts.n is 'Counts what happened to the ticket in its order, from 1.';
comment on column reporting.metric_facts.at is 'When it happened.';
comment on column reporting.metric_facts.team_id is 'Team of that moment: reporting.teams.id; NULL without one.';
comment on column reporting.metric_facts.team is 'Name of the team; NULL where it was removed since.';
comment on column reporting.metric_facts.agent_id is 'Assignee of that moment, of a reply its author: reporting.agents.id; NULL without one.';
comment on column reporting.metric_facts.agent is 'Name of the agent; NULL where it was removed since.';
comment on column reporting.metric_facts.channel is 'How the ticket came in.';
comment on column reporting.metric_facts.priority is 'Key of the priority of that moment.';
comment on column reporting.metric_facts.created is '1 where the ticket came in.';
comment on column reporting.metric_facts.solved is '1 where an open ticket was solved or closed.';
comment on column reporting.metric_facts.reopened is '1 where a solved or closed ticket is open again.';
comment on column reporting.metric_facts.merged is '1 where the ticket was merged into another.';
comment on column reporting.metric_facts.replies is '1 where somebody of the staff replied.';
comment on column reporting.metric_facts.one_touch is '1 where the ticket was solved once, with exactly one reply.';
comment on column reporting.metric_facts.sla_kept is '1 where a target was met.';
comment on column reporting.metric_facts.sla_breached is '1 where a target ran out unmet.';
comment on column reporting.metric_facts.backlog_change is '1 where an open ticket comes to this team, agent and priority, -1 where it leaves.';
comment on column reporting.metric_facts.first_reply_seconds is 'Seconds by the clock from creation to the first reply; NULL where this was not it.';
comment on column reporting.metric_facts.first_reply_business_seconds is 'The same in business time of the ticket''s organization, or else of its team.';
comment on column reporting.metric_facts.next_reply_seconds is 'Seconds by the clock from the oldest unanswered message of the customer to the reply; NULL where this was not it.';
comment on column reporting.metric_facts.next_reply_business_seconds is 'The same in business time of the ticket''s organization, or else of its team.';
comment on column reporting.metric_facts.resolution_seconds is 'Seconds by the clock from creation to the first solution; NULL where this was not it.';
comment on column reporting.metric_facts.resolution_business_seconds is 'The same in business time of the ticket''s organization, or else of its team.';
comment on column reporting.metric_facts.full_resolution_seconds is 'Seconds by the clock from creation to the last solution of a ticket that is not open again; NULL where this was not it.';
comment on column reporting.metric_facts.full_resolution_business_seconds is 'The same in business time of the ticket''s organization, or else of its team.';
comment on column reporting.metric_facts.handle_seconds is 'Seconds in which the ticket was new or open and had an agent, at its last solution.';
