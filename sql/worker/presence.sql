-- Presence of agents (live connections) and of people on tickets.

-- A digest of the presence on each of these tickets, which an API process compares after a NOTIFY to wake the subscribers
-- concerned; these then read presence with their own rights. Expired rows are swept.
create function worker.watch_presence(p_ticket_ids bigint[])
  returns json
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  if exists (select from app.presence where seen_at < autocrm.now() - interval '2 minutes') then
    delete from app.presence p
     where (p.ticket_id, p.user_id) in (
       select o.ticket_id, o.user_id from app.presence o where o.seen_at < autocrm.now() - interval '2 minutes' limit 1000 for update skip locked);
  end if;
  return (
    select coalesce(json_object_agg(x.ticket_id, x.people), '{}')
      from (select p.ticket_id, md5(string_agg(p.user_id || p.state, ',' order by p.user_id)) as people
              from app.presence p
             where p.ticket_id = any (p_ticket_ids) and p.seen_at > autocrm.now() - interval '30 seconds'
             group by p.ticket_id) x);
end
$$;

-- Notes the agents with a live connection. Those who became away when their last connection ended are online again.
create function worker.note_connected(p_users bigint[])
  returns void
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  update app.users u
     set availability = 'online'
   where u.availability = 'away'
     and u.id in (select l.user_id from app.agent_loads l where l.user_id = any (p_users) and l.auto_away);
  -- Rows that routing has locked are skipped until the next time.
  update app.agent_loads l
     set seen_at = autocrm.now()
   where l.user_id in (
     select a.user_id from app.agent_loads a where a.user_id = any (p_users) order by a.user_id for no key update skip locked);
end
$$;
comment on function worker.note_connected(bigint[]) is 'Notes that these agents have a live connection; the API calls it every half minute.';

-- The last connection of an agent in one process has ended. Another process may hold one, so they become away only after
-- the time of grace, and only from online.
create function worker.note_disconnect(p_user bigint, p_grace_seconds integer default 40)
  returns boolean
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_left boolean;
begin
  if not exists (
    select from app.agent_loads l
     where l.user_id = p_user and l.seen_at <= autocrm.now() - make_interval(secs => p_grace_seconds)
  ) then
    return false;
  end if;
  update app.users set availability = 'away' where id = p_user and availability = 'online';
  v_left := found;
  update app.agent_loads set seen_at = null, auto_away = auto_away or v_left where user_id = p_user;
  return v_left;
end
$$;
comment on function worker.note_disconnect(bigint, integer) is
  'The last live connection of an agent has ended: away, unless one was seen within the time of grace. Answers whether that changed anything.';
