-- Who is on a ticket, told to those who watch it. The truth is app.presence; a notice only wakes.
create function api.announce_presence(p_ticket_id bigint, p_body jsonb)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_problems text[] := api._unknown_keys(p_body, array['state']);
begin
  if not coalesce(p_body ->> 'state' in ('viewing', 'writing_reply', 'writing_note', 'left'), false) then
    v_problems := v_problems || 'state: must be viewing, writing_reply, writing_note or left'::text;
  end if;
  if v_problems <> '{}' then
    perform api._refuse('This presence cannot be told', v_problems);
  end if;
  perform api.get_ticket(p_ticket_id);
  perform app.note_presence(array[p_ticket_id], p_body ->> 'state');
  return json_build_object('ticket_id', p_ticket_id, 'state', p_body ->> 'state');
end
$$;
comment on function api.announce_presence(bigint, jsonb) is 'Tells whoever watches this ticket that the caller views it, writes, or left. Forgotten after 30 seconds.';

-- Who is on a ticket, as a live message; NULL for a ticket that the caller does not see.
create function api._presence(p_ticket_id bigint)
  returns json
  language sql stable
  set search_path = ''
as $$
  select json_build_object('type', 'presence', 'ticket_id', t.id, 'people', coalesce((
           select json_agg(json_build_object('id', u.id, 'name', u.name, 'state', p.state) order by u.id)
             from app.presence p
             join app.users u on u.id = p.user_id
            where p.ticket_id = t.id and p.seen_at > autocrm.now() - interval '30 seconds'), '[]'))
    from app.tickets t
   where t.id = p_ticket_id and t.deleted_at is null
$$;

-- The watched tickets that the caller sees still; on these the caller is still there.
create function api._keep_presence(p_ticket_ids bigint[])
  returns bigint[]
  language sql volatile
  set search_path = ''
as $$
  select app.note_presence(p_ticket_ids, null)
$$;

-- What an API process compares after a notice: for each of these tickets, who is there, in short. Definer, and the API's
-- alone: it tells whom to wake, and these then ask for themselves. What is forgotten is swept.
create function api._watch_presence(p_ticket_ids bigint[])
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

-- Who was told of something since this notification, each with their newest; NULL asks only where to begin. Definer, and
-- the API's alone. One worker at a time writes notifications, so their ids are in the order in which they appear.
create function api._notified_since(p_id bigint)
  returns json
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
as $$
  select json_build_object(
    'last', (select coalesce(max(n.id), 0) from app.notifications n),
    'people', coalesce((
      select json_object_agg(x.user_id, x.id)
        from (select n.user_id, max(n.id) as id from app.notifications n where n.id > p_id group by n.user_id) x), '{}'))
$$;
