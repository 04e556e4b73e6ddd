-- People: staff, requesters and the users that keys act for. Removing one is deactivating where tickets refer to it.
create view api.users with (security_invoker = true) as
select u.id, u.version, u.role, u.name, u.email, u.organization_id,
       (select json_build_object('id', o.id, 'name', o.name) from app.organizations o where o.id = u.organization_id) as organization,
       array(select m.team_id from app.memberships m where m.user_id = u.id order by 1) as team_ids,
       u.ticket_access, u.availability, u.capacity, u.locale, u.time_zone, u.phone, u.schedule_id, u.may_redact, u.active, u.merged_into_id, u.external_id, u.created_at, u.updated_at
  from app.users u;
comment on view api.users is 'People: staff, requesters and the users that keys act for. Removing one is deactivating where tickets refer to it.';

create function api.list_users(p_query jsonb default '{}')
  returns json
  language sql stable
  set search_path = ''
as $$
  select api._list('users', p_query, array['role', 'email', 'organization_id', 'active', 'external_id'], array['name', 'email'], array['name', '-created_at'])
$$;
comment on function api.list_users(jsonb) is
  'A page of users: {items, next}. Filters: role, email, organization_id, active, external_id, q; sorts: name, -created_at. TK422 for what it does not know. Example: select api.list_users(''{"limit": 50}'')';

create function api.get_user(p_id bigint)
  returns json
  language sql stable
  set search_path = ''
as $$
  select api._get('users', 'user', p_id)
$$;
comment on function api.get_user(bigint) is 'One user; TK404 when there is none that the caller can see.';

create function api.create_user(p_body jsonb)
  returns json
  language sql volatile
  set search_path = ''
as $$
  -- An address that is taken tells of whoever has it, so only those who read people add them.
  select api._need_scope('users:write'), api._need_scope('users:read');
  select api._create('users', p_body, array['role', 'name', 'email', 'organization_id', 'ticket_access', 'availability', 'capacity', 'locale', 'time_zone', 'phone', 'schedule_id', 'may_redact', 'active', 'external_id'])
$$;
comment on function api.create_user(jsonb) is 'Adds a user; TK422 with every problem. Keys: role, name, email, organization_id, ticket_access, availability, capacity, locale, time_zone, phone, schedule_id, may_redact, active, external_id.';

create function api.update_user(p_id bigint, p_body jsonb, p_version bigint default null)
  returns json
  language sql volatile
  set search_path = ''
as $$
  select api._update('users', 'user', p_id, p_body, p_version, array['role', 'name', 'email', 'organization_id', 'ticket_access', 'availability', 'capacity', 'locale', 'time_zone', 'phone', 'schedule_id', 'may_redact', 'active', 'external_id'])
$$;
comment on function api.update_user(bigint, jsonb, bigint) is 'Changes the keys given; TK404, TK409 with the current user when p_version is stale, TK422.';

create function api.delete_user(p_id bigint, p_version bigint default null)
  returns json
  language sql volatile
  set search_path = ''
as $$
  select api._delete('users', 'user', p_id, p_version)
$$;
comment on function api.delete_user(bigint, bigint) is 'Removes a user; TK404, TK409 when stale or still in use.';
