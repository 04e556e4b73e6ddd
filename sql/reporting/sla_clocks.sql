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
