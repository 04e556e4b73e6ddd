-- The trash: deleting, restoring and listing tickets.

-- Definer: no policy permits an update that hides the row from its writer.
create function api._trash_ticket(p_id bigint, p_restore boolean)
  returns boolean
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform api._need_admin('delete and restore tickets');
  update app.tickets
     set deleted_at = case when not p_restore then autocrm.now() end,
         deleted_by = case when not p_restore then autocrm.actor_id() end
   where id = p_id and (deleted_at is null) <> p_restore;
  return found;
end
$$;

create function api.delete_ticket(p_id bigint, p_version bigint default null)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_version bigint;
begin
  select version into v_version from app.tickets where id = p_id;
  if v_version is null then
    perform api._not_found('ticket', p_id);
  end if;
  perform api._need_admin('delete tickets');
  -- Locked before it is compared.
  select version into v_version from app.tickets where id = p_id for update;
  perform api._check_ticket(p_id, p_version, v_version);
  perform api._trash_ticket(p_id, false);
  return json_build_object('id', p_id, 'deleted', true);
end
$$;
comment on function api.delete_ticket(bigint, bigint) is
  'Puts a ticket into the trash: {id, deleted}. It is hidden from everybody, and deleted for good after 30 days. Admins only. TK403, TK404, TK409 with the current ticket in DETAIL when p_version is not its version. Example: select api.delete_ticket(7)';

create function api.restore_ticket(p_id bigint)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
begin
  perform api._need_admin('restore tickets');
  if not api._trash_ticket(p_id, true) then
    raise exception using errcode = 'TK404', message = format('There is no ticket %s in the trash', p_id),
      hint = 'Check the id; after 30 days it is gone for good.';
  end if;
  return api.get_ticket(p_id);
end
$$;
comment on function api.restore_ticket(bigint) is
  'Restores a ticket from the trash and answers it as get_ticket does. Admins only. TK403, TK404 when it is not there. Example: select api.restore_ticket(8)';

-- Definer: no policy shows the trash.
create function api.list_trash(p_query jsonb default '{}')
  returns json
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_query jsonb := coalesce(p_query, '{}');
  v_limit integer := api._limit(v_query);
  v_problems text[] := api._query_problems(v_query, array['limit', 'after']);
  v_sql text;
begin
  perform api._need_admin('see the trash');
  if v_problems <> '{}' then
    perform api._refuse('This list cannot be read', v_problems);
  end if;
  if v_query ? 'after' then
    v_query := v_query || jsonb_build_object('after', api._decode_cursor(v_query ->> 'after', '-deleted_at', 'timestamptz'));
  end if;
  v_sql := format(
    'select t.deleted_at::text, t.id, t.subject, t.deleted_at,
            (select json_build_object(''id'', u.id, ''name'', u.name) from app.users u where u.id = t.deleted_by) as deleted_by,
            t.deleted_at + interval ''30 days'' as gone_at
       from app.tickets t
      where t.deleted_at is not null %s
      order by t.deleted_at desc, t.id desc limit %s',
    case when v_query ? 'after' then 'and (t.deleted_at, t.id) < (($1 -> ''after'' ->> 0)::timestamptz, ($1 -> ''after'' ->> 1)::bigint)' end,
    v_limit + 1);
  return autocrm.page(v_sql, v_query, v_limit, '-deleted_at');
end
$$;
comment on function api.list_trash(jsonb) is
  'A page of deleted tickets, latest first: {items: [{id, subject, deleted_at, deleted_by, gone_at}], next}; gone_at is when it is deleted for good. limit, after. Admins only. TK403, TK422. Example: select api.list_trash(''{"limit": 50}'')';
