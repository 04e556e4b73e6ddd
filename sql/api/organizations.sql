-- Companies that requesters belong to.
create view api.organizations with (security_invoker = true) as
select o.id, o.version, o.name, o.domains, o.notes, o.custom, o.external_id, o.created_at, o.updated_at
  from app.organizations o;
comment on view api.organizations is 'Companies that requesters belong to.';

select api._define_resource('organizations', 'organization',
  p_filters => '{external_id}', p_search => '{name}', p_sorts => '{name,-created_at}',
  p_keys => '{name,domains,notes,custom,external_id}',
  p_verbs => '{list,get,update,delete}',
  p_about => 'name (at most 200 characters), domains (of e-mail addresses), notes, custom (an object), external_id',
  p_update => '{"notes": "Pays by invoice"}');

create function api.create_organization(p_body jsonb)
  returns json
  language sql volatile
  set search_path = ''
as $$
  -- A conflict over a name or external id reveals another organization, so adding needs the scope to read them.
  select api._need_scope('users:write'), api._need_scope('users:read');
  select api._create('organizations', p_body, array['name', 'domains', 'notes', 'custom', 'external_id'])
$$;
comment on function api.create_organization(jsonb) is
  'Adds an organization and answers it as get_organization does. Keys: name (at most 200 characters), domains (of e-mail addresses), notes, custom (an object), external_id. TK403 for keys without users:write and users:read, TK422 with every problem. Example: select api.create_organization(''{"name": "Analytical Engines", "domains": ["engines.example"]}'')';
