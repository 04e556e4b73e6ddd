-- Which team and agent had a ticket, and when.
create function api.list_assignments(p_id bigint)
  returns json
  language plpgsql stable
  set search_path = ''
as $$
begin
  perform api._need_ticket(p_id);
  return (
    with told as (
      select e.at, e.id, e.actor_id, e.name = 'ticket.created' as first,
             case e.name when 'ticket.created' then e.data -> 'team_id' else e.data #> '{changes,team_id,1}' end as team,
             case e.name when 'ticket.created' then e.data -> 'assignee_id' else e.data #> '{changes,assignee_id,1}' end as assignee
        from app.events e
       where e.ticket_id = p_id
         and (e.name = 'ticket.created' or (e.name = 'ticket.updated' and e.data -> 'changes' ?| array['team_id', 'assignee_id']))
    ), numbered as (
      select t.*, count(t.team) over w as teams, count(t.assignee) over w as assignees, lead(t.at) over w as until
        from told t
      window w as (order by t.at, t.id)
    ), filled as (
      -- What a change does not name is as it was before.
      select n.at, n.id, n.until, n.actor_id,
             (first_value(n.team) over (partition by n.teams order by n.at, n.id) #>> '{}')::bigint as team_id,
             (first_value(n.assignee) over (partition by n.assignees order by n.at, n.id) #>> '{}')::bigint as assignee_id
        from numbered n
    )
    select json_build_object('items', coalesce(json_agg(json_build_object(
      'from', f.at, 'to', f.until,
      'team', (select json_build_object('id', m.id, 'name', m.name, 'color', m.color) from app.teams m where m.id = f.team_id),
      'assignee', (select json_build_object('id', u.id, 'name', u.name) from app.users u where u.id = f.assignee_id),
      'by', (select json_build_object('id', u.id, 'name', u.name) from app.users u where u.id = f.actor_id)) order by f.at, f.id), '[]'))
      from filled f);
end
$$;
comment on function api.list_assignments(bigint) is
  'Which team and agent had the ticket when, and who gave it to them: {items: [{from, to, team, assignee, by}]}; to is null for now. TK404. Example: select api.list_assignments(7)';
