-- Until when each person has read which ticket: theirs alone.

-- Not audited: what somebody looked at is nobody else's business, and it changes with each ticket that is opened.
grant select on app.ticket_reads to autocrm_admin, autocrm_agent;
-- Keys have the privilege, since they run the same queries, but no policy.
grant select on app.ticket_reads to autocrm_integration;
create policy people_see_what_they_have_read on app.ticket_reads
  for select to autocrm_admin, autocrm_agent
  using (user_id = (select autocrm.actor_id()) and exists (select from app.tickets t where t.id = ticket_id));

-- Definer: callers write their own reads only through this function, on tickets that they see.
create function app.note_read(p_ticket_id bigint, p_read boolean)
  returns boolean
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  if autocrm.actor_id() is null or not coalesce(autocrm.actor_role() in ('admin', 'agent'), false)
     or not exists (select from app.tickets t where t.id = p_ticket_id and app.actor_sees(t)) then
    return false;
  end if;
  insert into app.ticket_reads (user_id, ticket_id, read_at)
  values (autocrm.actor_id(), p_ticket_id, case when p_read then autocrm.now() else '-infinity' end)
  on conflict (user_id, ticket_id) do update set read_at = excluded.read_at;
  return true;
end
$$;
comment on function app.note_read(bigint, boolean) is
  'Notes that the caller has read a ticket until now, or counts it as unread; answers whether the caller sees it. Example: select app.note_read(7, true)';
grant execute on function app.note_read(bigint, boolean) to autocrm_admin, autocrm_agent;
