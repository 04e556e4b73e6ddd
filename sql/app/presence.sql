-- Presence: who views or edits which ticket. A row expires 30 seconds after it was last confirmed. NOTIFY
-- autocrm_presence only wakes readers: since anybody may send one, they read this table.

grant select on app.presence to autocrm_admin, autocrm_agent, autocrm_integration;
create policy who_sees_a_ticket_sees_who_is_on_it on app.presence
  for select to autocrm_admin, autocrm_agent, autocrm_integration
  using (exists (select from app.tickets t where t.id = ticket_id and t.deleted_at is null));

-- Definer: callers write their own presence only through this function, on tickets that they see. A user is on at most 50
-- tickets; the oldest confirmation is dropped first.
create function app.note_presence(p_ticket_ids bigint[], p_state text)
  returns bigint[]
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_user bigint := autocrm.actor_id();
  v_seen bigint[];
  v_changed boolean;
begin
  if p_state not in ('viewing', 'writing_reply', 'writing_note', 'left') then
    perform autocrm.fail('TK422', 'This presence cannot be told', 'state: must be viewing, writing_reply, writing_note or left',
      'Name one of them, or NULL to stay.');
  end if;
  if v_user is null or autocrm.actor_role() not in ('admin', 'agent', 'integration') then
    return '{}';
  end if;
  v_seen := array(
    select t.id from app.tickets t where t.id = any (p_ticket_ids[1:50]) and app.actor_sees(t) order by t.id);
  if p_state = 'left' then
    delete from app.presence p where p.user_id = v_user and p.ticket_id = any (p_ticket_ids[1:50]);
    v_changed := found;
  elsif p_state is null then
    update app.presence p set seen_at = autocrm.now() where p.user_id = v_user and p.ticket_id = any (v_seen);
    -- Tickets that the caller no longer sees are left.
    delete from app.presence p where p.user_id = v_user and p.ticket_id = any (p_ticket_ids[1:50]) and p.ticket_id <> all (v_seen);
    v_changed := found;
  else
    select count(*) < cardinality(v_seen) into v_changed
      from app.presence p
     where p.user_id = v_user and p.ticket_id = any (v_seen) and p.state = p_state and p.seen_at > autocrm.now() - interval '30 seconds';
    insert into app.presence (ticket_id, user_id, state)
    select t, v_user, p_state from unnest(v_seen) t
    on conflict (ticket_id, user_id) do update set state = excluded.state, seen_at = autocrm.now();
    delete from app.presence p
     where p.user_id = v_user
       and p.ticket_id in (
         select o.ticket_id from app.presence o where o.user_id = v_user order by o.seen_at desc, o.ticket_id desc offset 50);
  end if;
  if v_changed then
    perform pg_notify('autocrm_presence', '');
  end if;
  return v_seen;
end
$$;
comment on function app.note_presence(bigint[], text) is
  'Notes that the caller is on these tickets (viewing, writing_reply, writing_note), has left them (left), or is still there (NULL); answers those of them that the caller sees. Example: select app.note_presence(array[7], ''viewing'')';
-- Whose session has ended is no longer there. Somebody who is still here in another session says so within 20 seconds.
create function app.tg_sessions__700_presence()
  returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  delete from app.presence p using ended e where p.user_id = e.user_id and e.revoked_at is not null;
  if found then
    perform pg_notify('autocrm_presence', '');
  end if;
  return null;
end
$$;
create trigger tg_sessions__700_presence after update on app.sessions
  referencing new table as ended
  for each statement execute function app.tg_sessions__700_presence();

-- Who no longer sees a ticket is no longer shown on it: the ticket has another team or assignee, or the person left a team
-- or may see less. API keys' users are left to their next confirmation. Definer: presence is nobody's to write.
create function app.tg_leave_unseen()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_ticket bigint;
  v_user bigint;
begin
  if tg_table_name = 'tickets' then
    v_ticket := new.id;
  elsif tg_table_name = 'memberships' then
    v_user := old.user_id;
  else
    v_user := new.id;
  end if;
  delete from app.presence p
   where (p.ticket_id = v_ticket or p.user_id = v_user)
     and (select u.role from app.users u where u.id = p.user_id) <> 'integration'
     and not app.sees_ticket(p.user_id, p.ticket_id);
  if found then
    perform pg_notify('autocrm_presence', '');
  end if;
  return null;
end
$$;
create trigger tg_tickets__650_leave_unseen after update on app.tickets
  for each row when (old.team_id is distinct from new.team_id or old.assignee_id is distinct from new.assignee_id)
  execute function app.tg_leave_unseen();
create trigger tg_memberships__650_leave_unseen after delete on app.memberships
  for each row execute function app.tg_leave_unseen();
create trigger tg_users__650_leave_unseen after update on app.users
  for each row when ((old.role, old.ticket_access, old.active) is distinct from (new.role, new.ticket_access, new.active))
  execute function app.tg_leave_unseen();

grant execute on function app.note_presence(bigint[], text) to autocrm_admin, autocrm_agent, autocrm_integration;
