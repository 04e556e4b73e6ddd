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
