-- The archive as data teams read it: one row a ticket, without what people wrote on it. Row-level security of the table
-- below decides which rows a reader gets: the same tickets as before they were archived.
create view reporting.archived_tickets with (security_invoker = true) as
select a.id, a.subject, s.key as status, p.key as priority, a.team_id, m.name as team, a.assignee_id, g.name as assignee,
       a.requester_id, a.organization_id, o.name as organization,
       array(select t.name from app.tags t where t.id = any (a.tag_ids) order by t.name collate app.names) as tags,
       a.external_id, a.created_at, a.closed_at, a.archived_at
  from app.archived_tickets a
  left join app.statuses s on s.id = a.status_id
  left join app.priorities p on p.id = a.priority_id
  left join app.teams m on m.id = a.team_id
  left join app.users g on g.id = a.assignee_id
  left join app.organizations o on o.id = a.organization_id;
comment on view reporting.archived_tickets is
  'One row a ticket of the archive that the reader may see; reporting.tickets has those of daily work. Example: select team, count(*) from reporting.archived_tickets group by team';
comment on column reporting.archived_tickets.id is 'Number of the ticket; never given twice.';
comment on column reporting.archived_tickets.subject is 'What it is about, as the requester or an agent wrote it.';
comment on column reporting.archived_tickets.status is 'Key of its status; NULL when that has been removed since.';
comment on column reporting.archived_tickets.priority is 'Key of its priority; NULL when that has been removed since.';
comment on column reporting.archived_tickets.team_id is 'The team that it belonged to: reporting.teams.id; NULL without one.';
comment on column reporting.archived_tickets.team is 'Name of the team; NULL when it has been removed since.';
comment on column reporting.archived_tickets.assignee_id is 'Who worked on it last: reporting.agents.id; NULL when nobody did.';
comment on column reporting.archived_tickets.assignee is 'Name of the assignee.';
comment on column reporting.archived_tickets.requester_id is 'Who asked: app.users.id.';
comment on column reporting.archived_tickets.organization_id is 'The requester''s organization: app.organizations.id; NULL without one.';
comment on column reporting.archived_tickets.organization is 'Name of the organization.';
comment on column reporting.archived_tickets.tags is 'Names of its tags, in alphabetical order.';
comment on column reporting.archived_tickets.external_id is 'Its id in another system; NULL without one.';
comment on column reporting.archived_tickets.created_at is 'When it came in.';
comment on column reporting.archived_tickets.closed_at is 'When it was closed for good.';
comment on column reporting.archived_tickets.archived_at is 'When it was moved to the archive.';
