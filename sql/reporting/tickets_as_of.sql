-- One ticket at a moment, in the columns of reporting.tickets. The function inside decides what its reader sees.
create function reporting.ticket_as_of(p_id bigint, p_at timestamptz)
  returns setof reporting.tickets
  language sql stable
  set search_path = ''
as $$
  select t.id, t.subject, x.ticket ->> 'status', (x.ticket ->> 'status_category')::app.status_category, x.ticket ->> 'priority',
         (x.ticket ->> 'priority_weight')::integer, t.type, t.channel, t.language,
         t.team_id, x.ticket ->> 'team', t.assignee_id, (select a.name from app.users a where a.id = t.assignee_id),
         t.requester_id, t.organization_id, (select o.name from app.organizations o where o.id = t.organization_id),
         array(select jsonb_array_elements_text(x.ticket -> 'tags')), x.ticket -> 'custom',
         t.created_at, t.updated_at, t.first_reply_at, t.solved_at, t.closed_at,
         extract(epoch from t.first_reply_at - t.created_at) / 60, extract(epoch from t.solved_at - t.created_at) / 60
    from (select app.ticket_as_of(p_id, p_at) as ticket) x
   cross join jsonb_populate_record(null::app.tickets, x.ticket) t
   where x.ticket is not null
$$;
comment on function reporting.ticket_as_of(bigint, timestamptz) is
  'A ticket as it was at a moment, in the columns of reporting.tickets, from the audit log; no row when the reader does not see the ticket today, or it was not there then. Names are those of today where they still are. Example: select status, assignee from reporting.ticket_as_of(7, now() - interval ''1 day'')';
