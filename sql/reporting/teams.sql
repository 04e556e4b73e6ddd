-- How the teams stand now: tickets that the reader may see.
create view reporting.teams with (security_invoker = true) as
select m.id, m.name, m.active,
       count(t.id) as open,
       count(t.id) filter (where t.assignee_id is null) as unassigned,
       min(t.created_at) as oldest_open_at,
       (select count(*) from app.waiting w where w.team_id = m.id) as waiting,
       (select min(w.created_at) from app.waiting w where w.team_id = m.id) as oldest_waiting_at
  from app.teams m
  left join app.tickets t on t.team_id = m.id
   and t.status_id in (select o.id from app.open_statuses o)
 group by m.id, m.name, m.active;
comment on view reporting.teams is
  'One row a team: tickets open, unassigned and waiting for somebody, with the oldest of them. Example: select name, open, waiting from reporting.teams order by waiting desc';
comment on column reporting.teams.id is 'Number of the team.';
comment on column reporting.teams.name is 'Its name.';
comment on column reporting.teams.active is 'Whether tickets can come to it.';
comment on column reporting.teams.open is 'Tickets that are neither solved nor closed.';
comment on column reporting.teams.unassigned is 'Those of them without an assignee.';
comment on column reporting.teams.oldest_open_at is 'When the oldest of the open ones came in; NULL when there is none.';
comment on column reporting.teams.waiting is 'Tickets in the queue, until an agent with the skills has a free slot.';
comment on column reporting.teams.oldest_waiting_at is 'When the oldest of those came into the queue; NULL when there is none.';
