-- Followers and CCs of a ticket.

-- Whether another member of staff sees a ticket that the caller sees: the policies of app.tickets for another user. Runs
-- with the caller's rights, who reads colleagues and memberships.
create function app.sees_ticket(p_user_id bigint, p_ticket_id bigint)
  returns boolean
  language sql stable
  set search_path = ''
as $$
  select exists (
    select from app.tickets t
      join app.users u on u.id = p_user_id and u.active and u.role in ('admin', 'agent')
     where t.id = p_ticket_id
       and (u.role = 'admin' or u.ticket_access = 'all' or t.assignee_id = u.id or t.team_id is null
            or exists (select from app.memberships m where m.user_id = u.id and m.team_id = t.team_id)))
$$;
comment on function app.sees_ticket(bigint, bigint) is 'Whether this admin or agent may read this ticket, as far as the caller sees both.';
grant execute on function app.sees_ticket(bigint, bigint) to autocrm_admin, autocrm_agent, autocrm_integration;

create trigger tg_followers__500_audit after insert or update or delete on app.followers
  for each row execute function autocrm.tg_audit();
-- Who was added or removed as a CC belongs to the history of the ticket: they receive its replies. Not told of what goes
-- with its ticket or its user, or with an entry of the same person that was merged. The ticket is locked first, so that
-- the ids of its events are in the order of their commits.
-- Definer: no role writes events.
create function app.tg_followers__tell_cc()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_row app.followers := case when tg_op = 'DELETE' then old else new end;
  v_is boolean := tg_op <> 'DELETE' and v_row.kind = 'cc';
begin
  if autocrm.archives() then
    return null;
  end if;
  insert into app.events (at, name, ticket_id, actor_id, api_key_id, data)
  select autocrm.now(), case when v_is then 'cc.added' else 'cc.removed' end, t.id, autocrm.actor_id(), autocrm.actor_api_key_id(),
         jsonb_build_object('user_id', u.id)
    from app.tickets t
    join app.users u on u.id = v_row.user_id and u.merged_into_id is null
   where t.id = v_row.ticket_id
     for no key update of t;
  return null;
end
$$;
create trigger tg_followers__600_tell_cc_added after insert on app.followers
  for each row when (new.kind = 'cc') execute function app.tg_followers__tell_cc();
create trigger tg_followers__600_tell_cc_changed after update on app.followers
  for each row when (old.kind is distinct from new.kind) execute function app.tg_followers__tell_cc();
create trigger tg_followers__600_tell_cc_removed after delete on app.followers
  for each row when (old.kind = 'cc') execute function app.tg_followers__tell_cc();
grant select on app.followers to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst;
grant delete on app.followers to autocrm_admin, autocrm_agent, autocrm_integration;
grant insert (ticket_id, user_id, kind, added_by) on app.followers to autocrm_admin, autocrm_agent, autocrm_integration;
grant update (kind) on app.followers to autocrm_admin, autocrm_agent, autocrm_integration;

create policy readers_of_a_ticket_read_its_followers on app.followers
  for select to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst
  using (exists (select from app.tickets t where t.id = ticket_id));
-- Following grants no access: only users who see the ticket can follow it.
create policy staff_add_followers on app.followers
  for insert to autocrm_admin, autocrm_agent
  with check (exists (select from app.tickets t where t.id = ticket_id) and (kind = 'cc' or app.sees_ticket(user_id, ticket_id)));
create policy keys_add_followers on app.followers
  for insert to autocrm_integration
  with check (
    (select autocrm.actor_has_scope('tickets:write'))
    and exists (select from app.tickets t where t.id = ticket_id) and (kind = 'cc' or app.sees_ticket(user_id, ticket_id)));
create policy nobody_adds_followers_in_anothers_name on app.followers
  as restrictive for insert to autocrm_admin, autocrm_agent, autocrm_integration
  with check (added_by is null or added_by = (select autocrm.actor_id()));
create policy staff_change_followers on app.followers
  for update to autocrm_admin, autocrm_agent
  using (exists (select from app.tickets t where t.id = ticket_id))
  with check (kind = 'cc' or app.sees_ticket(user_id, ticket_id));
create policy keys_change_followers on app.followers
  for update to autocrm_integration
  using ((select autocrm.actor_has_scope('tickets:write')) and exists (select from app.tickets t where t.id = ticket_id))
  with check (kind = 'cc' or app.sees_ticket(user_id, ticket_id));
create policy staff_remove_followers on app.followers
  for delete to autocrm_admin, autocrm_agent
  using (exists (select from app.tickets t where t.id = ticket_id));
create policy keys_remove_followers on app.followers
  for delete to autocrm_integration
  using ((select autocrm.actor_has_scope('tickets:write')) and exists (select from app.tickets t where t.id = ticket_id));
