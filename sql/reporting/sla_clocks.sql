-- What became of the targets of each ticket: minutes are those of the hours that count.
create view reporting.sla_clocks with (security_invoker = true) as
select c.ticket_id, t.team_id, m.name as team, t.assignee_id, r.key as priority, t.channel,
       c.metric, c.instance, c.policy_id, p.name as policy,
       c.target_seconds / 60 as target_minutes, c.schedule_id is not null as business_hours,
       round(c.elapsed_seconds / 60.0, 1) as elapsed_minutes,
       case when c.breached_at is not null then 'breached' when c.fulfilled_at is not null then 'kept' else 'open' end as outcome,
       c.started_at, c.due_at, c.breached_at, c.fulfilled_at
  from app.sla_clocks c
  join app.tickets t on t.id = c.ticket_id
  join app.priorities r on r.id = t.priority_id
  left join app.teams m on m.id = t.team_id
  left join app.sla_policies p on p.id = c.policy_id
 where t.deleted_at is null and c.target_seconds is not null;
comment on view reporting.sla_clocks is
  'One row a target of a ticket the reader may see, by metric and cycle; team and priority are those of today, elapsed_minutes those until the clock was last paused or ended. Example: select team, metric, avg((outcome = ''kept'')::integer) as kept from reporting.sla_clocks where outcome <> ''open'' group by 1, 2';
comment on column reporting.sla_clocks.ticket_id is 'The ticket: reporting.tickets.id.';
comment on column reporting.sla_clocks.team_id is 'The ticket''s team of today: reporting.teams.id; NULL without one.';
comment on column reporting.sla_clocks.team is 'Name of the team.';
comment on column reporting.sla_clocks.assignee_id is 'The ticket''s assignee of today: reporting.agents.id; NULL without one.';
comment on column reporting.sla_clocks.priority is 'Key of the ticket''s priority of today.';
comment on column reporting.sla_clocks.channel is 'How the ticket came in.';
comment on column reporting.sla_clocks.metric is 'What is measured, first_reply, next_reply, periodic_update, pausable_update, requester_wait, agent_work or resolution.';
comment on column reporting.sla_clocks.instance is 'Which cycle of the metric in this ticket, from 1.';
comment on column reporting.sla_clocks.policy_id is 'The SLA policy that set the target: app.sla_policies.id.';
comment on column reporting.sla_clocks.policy is 'Name of the policy.';
comment on column reporting.sla_clocks.target_minutes is 'Minutes that it may take.';
comment on column reporting.sla_clocks.business_hours is 'Whether only minutes of business time count.';
comment on column reporting.sla_clocks.elapsed_minutes is 'Minutes that counted until the clock was last paused or ended.';
comment on column reporting.sla_clocks.outcome is 'kept, breached, or open while neither is known.';
comment on column reporting.sla_clocks.started_at is 'When the clock started.';
comment on column reporting.sla_clocks.due_at is 'When the target runs out; NULL while the clock is paused.';
comment on column reporting.sla_clocks.breached_at is 'When it ran out unmet; NULL when it did not.';
comment on column reporting.sla_clocks.fulfilled_at is 'When it was met; NULL when it was not.';
