-- Who sees a ticket, for definers, which read past the policies.

-- Whether the caller may see this ticket, by the rules of the policies on app.tickets as they hold now. Whoever is of none
-- of these roles sees none.
create function app.actor_sees(p_ticket app.tickets)
  returns boolean
  language plpgsql stable
  set search_path = ''
as $$
begin
  return coalesce(p_ticket.deleted_at is null and case autocrm.actor_role()
    when 'customer' then p_ticket.requester_id = autocrm.actor_id()
    when 'integration' then
      autocrm.actor_has_scope('tickets:read')
      and (autocrm.actor_sees_all() or coalesce(p_ticket.team_id = any (autocrm.actor_team_ids()), false))
    when 'analyst' then
      autocrm.actor_id() is not null
      and (autocrm.actor_sees_all() or coalesce(p_ticket.team_id = any (autocrm.actor_team_ids()), false))
    else
      autocrm.actor_role() in ('agent', 'admin') and autocrm.actor_id() is not null
      and (autocrm.actor_sees_all() or p_ticket.team_id is null or p_ticket.team_id = any (autocrm.actor_team_ids())
           or coalesce(p_ticket.assignee_id = autocrm.actor_id(), false)) end, false);
end
$$;
