-- Users: staff, requesters and users of API keys.
create view api.users with (security_invoker = true) as
select u.id, u.version, u.role, u.name, u.email, u.organization_id,
       (select json_build_object('id', o.id, 'name', o.name) from app.organizations o where o.id = u.organization_id) as organization,
       array(select m.team_id from app.memberships m where m.user_id = u.id order by 1) as team_ids,
       u.ticket_access, u.availability, u.availability_reason, u.capacity, u.locale, u.time_zone, u.phone, u.custom, u.schedule_id, u.may_redact, u.active, u.merged_into_id, u.external_id, u.created_at, u.updated_at
  from app.users u;
comment on view api.users is 'Staff, requesters and users of API keys. One that tickets refer to is deactivated instead of deleted.';

-- A conflict over an address reveals its owner, so adding needs the scope to read users.
select api._define_resource('users', 'user',
  p_filters => '{role,email,organization_id,active,external_id}', p_search => '{name,email}', p_sorts => '{name,-created_at}',
  p_keys => '{role,name,email,organization_id,ticket_access,availability,availability_reason,capacity,locale,time_zone,phone,custom,schedule_id,may_redact,active,external_id}',
  p_about => 'role (admin, agent, customer, analyst, integration), name, email, organization_id, ticket_access (all, teams), availability (online, away, busy, offline), availability_reason, capacity (slots, 0 to 1000), locale (such as de or pt-BR), time_zone (such as Europe/Berlin), phone, custom (an object), schedule_id, may_redact, active, external_id',
  p_query => '{"role": "agent", "q": "maya"}',
  p_create => '{"role": "customer", "name": "Ada Lovelace", "email": "ada@engines.example"}',
  p_update => '{"capacity": 8}',
  p_create_scopes => '{users:write,users:read}');
