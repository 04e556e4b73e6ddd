-- Rounds of notifications, and the lookup that wakes live connections.

-- One round; answers whether there may be more to do. It notifies all users, of every ticket.
create function worker.run_notifications()
  returns boolean
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
  set lock_timeout = '300ms'
as $$
begin
  return app.run_notifications(500) is not null;
end
$$;

-- Users with notifications after this id, each with their newest; NULL only answers the last id. One worker at a time
-- writes notifications, so their ids are in the order in which they appear.
create function worker.notified_since(p_id bigint)
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
