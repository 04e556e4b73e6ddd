-- Users: staff, requesters and users of API keys.
create view api.users with (security_invoker = true) as
select u.id, u.version, u.role, u.name, u.email, u.organization_id,
       (select json_build_object('id', o.id, 'name', o.name) from app.organizations o where o.id = u.organization_id) as organization,
       array(select m.team_id from app.memberships m where m.user_id = u.id order by 1) as team_ids,
       u.ticket_access, u.availability, u.capacity, u.locale, u.time_zone, u.phone, u.schedule_id, u.may_redact, u.active, u.merged_into_id, u.external_id, u.created_at, u.updated_at
  from app.users u;
comment on view api.users is 'Staff, requesters and users of API keys. One that tickets refer to is deactivated instead of deleted.';

select api._define_resource('users', 'user',
  p_filters => '{role,email,organization_id,active,external_id}', p_search => '{name,email}', p_sorts => '{name,-created_at}',
  p_keys => '{role,name,email,organization_id,ticket_access,availability,capacity,locale,time_zone,phone,schedule_id,may_redact,active,external_id}',
  p_verbs => '{list,get,update,delete}',
  p_about => 'role (admin, agent, customer, analyst, integration), name, email, organization_id, ticket_access (all, teams), availability (online, away, busy, offline), capacity (slots, 0 to 1000), locale, time_zone, phone, schedule_id, may_redact, active, external_id',
  p_query => '{"role": "agent", "q": "maya"}',
  p_update => '{"capacity": 8}');

create function api.create_user(p_body jsonb)
  returns json
  language sql volatile
  set search_path = ''
as $$
  -- A conflict over an address reveals its owner, so adding needs the scope to read users.
  select api._need_scope('users:write'), api._need_scope('users:read');
  select api._create('users', p_body, array['role', 'name', 'email', 'organization_id', 'ticket_access', 'availability', 'capacity', 'locale', 'time_zone', 'phone', 'schedule_id', 'may_redact', 'active', 'external_id'])
$$;
comment on function api.create_user(jsonb) is
  'Adds a user and answers them as get_user does. Keys: role (admin, agent, customer, analyst, integration), name, email, organization_id, ticket_access (all, teams), availability (online, away, busy, offline), capacity (slots, 0 to 1000), locale, time_zone, phone, schedule_id, may_redact, active, external_id. TK403 for keys without users:write and users:read, TK422 with every problem. Example: select api.create_user(''{"role": "customer", "name": "Ada Lovelace", "email": "ada@engines.example"}'')';
