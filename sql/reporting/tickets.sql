-- One flat row a ticket, for whoever counts rather than answers. Labels beside ids, durations in minutes.
-- Row-level security of the tables below decides which rows a reader gets.
create view reporting.tickets with (security_invoker = true) as
select t.id, t.subject, s.key as status, s.category as status_category, p.key as priority, p.weight as priority_weight,
       t.type, t.channel, t.language,
       t.team_id, m.name as team, t.assignee_id, a.name as assignee,
       t.requester_id, t.organization_id, o.name as organization,
       array(select g.name from app.tags g where g.id = any (t.tag_ids) order by g.name collate app.names) as tags,
       case when (select autocrm.parts_fields()) then coalesce((
         select jsonb_object_agg(v.key, v.value) from jsonb_each(t.custom) v where autocrm.sees_field(v.key)), '{}') || coalesce((
         select jsonb_object_agg(v.field_key, v.value) from app.ticket_field_values v where v.ticket_id = t.id), '{}') else t.custom end as custom,
       t.created_at, t.updated_at, t.first_reply_at, t.solved_at, t.closed_at,
       extract(epoch from t.first_reply_at - t.created_at) / 60 as first_reply_minutes,
       extract(epoch from t.solved_at - t.created_at) / 60 as solve_minutes
  from app.tickets t
  join app.statuses s on s.id = t.status_id
  join app.priorities p on p.id = t.priority_id
  left join app.teams m on m.id = t.team_id
  left join app.users a on a.id = t.assignee_id
  left join app.organizations o on o.id = t.organization_id
 where t.deleted_at is null;
comment on view reporting.tickets is
  'One row a ticket the reader may see; minutes are of the clock, not of business hours. Example: select team, avg(solve_minutes) from reporting.tickets group by team';
comment on column reporting.tickets.id is 'Number of the ticket; never given twice.';
comment on column reporting.tickets.subject is 'What it is about, as the requester or an agent wrote it.';
comment on column reporting.tickets.status is 'Key of its status, of those that the desk defines.';
comment on column reporting.tickets.status_category is 'What the status comes to: new, open, pending, on_hold, solved or closed.';
comment on column reporting.tickets.priority is 'Key of its priority.';
comment on column reporting.tickets.priority_weight is 'Orders priorities: the higher, the more urgent.';
comment on column reporting.tickets.type is 'question, incident, problem or task.';
comment on column reporting.tickets.channel is 'How it came in, such as email, web or api.';
comment on column reporting.tickets.language is 'Language of the requester''s words, as a BCP 47 tag; NULL when unknown.';
comment on column reporting.tickets.team_id is 'The team that it belongs to now: reporting.teams.id; NULL without one.';
comment on column reporting.tickets.team is 'Name of the team.';
comment on column reporting.tickets.assignee_id is 'Who works on it now: reporting.agents.id; NULL when nobody does.';
comment on column reporting.tickets.assignee is 'Name of the assignee.';
comment on column reporting.tickets.requester_id is 'Who asks: app.users.id.';
comment on column reporting.tickets.organization_id is 'The requester''s organization: app.organizations.id; NULL without one.';
comment on column reporting.tickets.organization is 'Name of the organization.';
comment on column reporting.tickets.tags is 'Names of its tags, in alphabetical order.';
comment on column reporting.tickets.custom is 'Its custom fields by key, without those that the reader may not see.';
comment on column reporting.tickets.created_at is 'When it came in.';
comment on column reporting.tickets.updated_at is 'When it was changed last.';
comment on column reporting.tickets.first_reply_at is 'When somebody of the staff first replied to the requester; NULL until then.';
comment on column reporting.tickets.solved_at is 'When it was solved last; NULL while it is not solved.';
comment on column reporting.tickets.closed_at is 'When it was closed for good; NULL until then.';
comment on column reporting.tickets.first_reply_minutes is 'Minutes of the clock from created_at to first_reply_at.';
comment on column reporting.tickets.solve_minutes is 'Minutes of the clock from created_at to solved_at.';
