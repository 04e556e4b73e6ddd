-- Numbers of tickets per status, priority, team and assignee, written by tg_tickets__record, so that counting a queue does
-- not read its tickets. A row is as visible as the tickets that it counts (visibility.sql).
grant select on app.ticket_counts to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst;
create policy the_desk_reads_ticket_counts on app.ticket_counts
  for select to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst
  using ((select autocrm.actor_id()) is not null);

-- Only what was added to is written again: a desk at rest writes nothing.
create function app._fold_ticket_counts()
  returns void
  language sql volatile
  set search_path = ''
as $$
  with added as (
    select status_id, priority_id, coalesce(team_id, 0) as team, coalesce(assignee_id, 0) as assignee
      from app.ticket_counts group by 1, 2, 3, 4 having count(*) > 1
  ), folded as (
    delete from app.ticket_counts c using added a
     where c.status_id = a.status_id and c.priority_id = a.priority_id
       and coalesce(c.team_id, 0) = a.team and coalesce(c.assignee_id, 0) = a.assignee
    returning c.status_id, c.priority_id, c.team_id, c.assignee_id, c.tickets
  )
  insert into app.ticket_counts (status_id, priority_id, team_id, assignee_id, tickets)
  select status_id, priority_id, team_id, assignee_id, sum(tickets) from folded group by 1, 2, 3, 4 having sum(tickets) <> 0
$$;

-- For operators who wrote tickets while triggers rested. Writers wait until it is done.
create function app.recount_tickets()
  returns void
  language sql volatile
  set search_path = ''
as $$
  lock table app.tickets in share mode;
  delete from app.ticket_counts;
  insert into app.ticket_counts (status_id, priority_id, team_id, assignee_id, tickets)
  select status_id, priority_id, team_id, assignee_id, count(*) from app.tickets where deleted_at is null group by 1, 2, 3, 4;
$$;
comment on function app.recount_tickets() is
  'Counts all tickets again; needed only after tickets were written while triggers rested. Example: select app.recount_tickets()';
