-- How the agents stand now. The load comes from the router's own books, so it counts tickets of other
-- teams too; the other figures count only tickets that the reader may see.
create view reporting.agents with (security_invoker = true) as
select u.id, u.name, u.availability, u.capacity, coalesce(l.open, 0) as open,
       count(t.id) filter (where t.solved_at is not null) as solved,
       avg(extract(epoch from t.first_reply_at - t.created_at) / 60) as average_first_reply_minutes
  from app.users u
  left join app.agent_loads l on l.user_id = u.id
  left join app.tickets t on t.assignee_id = u.id and t.deleted_at is null
 where u.role in ('agent', 'admin')
 group by u.id, u.name, u.availability, u.capacity, l.open;
comment on view reporting.agents is
  'One row an agent or admin: load now, tickets solved, minutes to the first reply. Example: select name, open, capacity from reporting.agents';
comment on column reporting.agents.id is 'Number of the agent or admin.';
comment on column reporting.agents.name is 'Their name.';
comment on column reporting.agents.availability is 'Whether they take tickets now: online, away, busy or offline.';
comment on column reporting.agents.capacity is 'How many slots they have; a ticket of usual weight takes one.';
comment on column reporting.agents.open is 'Open tickets that they have now, of all teams.';
comment on column reporting.agents.solved is 'Tickets assigned to them that are solved or closed.';
comment on column reporting.agents.average_first_reply_minutes is 'Average minutes of the clock until the first reply to tickets assigned to them.';
