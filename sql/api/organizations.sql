-- Companies that requesters belong to.
create view api.organizations with (security_invoker = true) as
select o.id, o.version, o.name, o.domains, o.notes, o.custom, o.schedule_id, o.external_id, o.created_at, o.updated_at
  from app.organizations o;
comment on view api.organizations is 'Companies that requesters belong to.';

-- A conflict over a name or external id reveals another organization, so adding needs the scope to read them.
select api._define_resource('organizations', 'organization',
  p_filters => '{external_id}', p_search => '{name}', p_sorts => '{name,-created_at}',
  p_keys => '{name,domains,notes,custom,schedule_id,external_id}',
  p_about => 'name (at most 200 characters), domains (of e-mail addresses), notes, custom (an object), schedule_id (business hours of its tickets, before those of their team; for admins), external_id',
  p_create => '{"name": "Analytical Engines", "domains": ["engines.example"]}',
  p_update => '{"notes": "Pays by invoice"}',
  p_create_scopes => '{users:write,users:read}');
