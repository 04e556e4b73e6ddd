-- Companies that requesters belong to.
create view api.organizations with (security_invoker = true) as
select o.id, o.version, o.name, o.domains, o.notes, o.custom, o.external_id, o.created_at, o.updated_at
  from app.organizations o;
comment on view api.organizations is 'Companies that requesters belong to.';

create function api.list_organizations(p_query jsonb default '{}')
  returns json
  language sql stable
  set search_path = ''
as $$
  select api._list('organizations', p_query, array['external_id'], array['name'], array['name', '-created_at'])
$$;
comment on function api.list_organizations(jsonb) is
  'A page of organizations: {items, next}. Filters: external_id, q; sorts: name, -created_at. TK422 for what it does not know. Example: select api.list_organizations(''{"limit": 50}'')';

create function api.get_organization(p_id bigint)
  returns json
  language sql stable
  set search_path = ''
as $$
  select api._get('organizations', 'organization', p_id)
$$;
comment on function api.get_organization(bigint) is 'One organization; TK404 when there is none that the caller can see.';

create function api.create_organization(p_body jsonb)
  returns json
  language sql volatile
  set search_path = ''
as $$
  -- A name or external id that is taken tells of another, so only those who read organizations add them.
  select api._need_scope('users:write'), api._need_scope('users:read');
  select api._create('organizations', p_body, array['name', 'domains', 'notes', 'custom', 'external_id'])
$$;
comment on function api.create_organization(jsonb) is 'Adds an organization; TK422 with every problem. Keys: name, domains, notes, custom, external_id.';

create function api.update_organization(p_id bigint, p_body jsonb, p_version bigint default null)
  returns json
  language sql volatile
  set search_path = ''
as $$
  select api._update('organizations', 'organization', p_id, p_body, p_version, array['name', 'domains', 'notes', 'custom', 'external_id'])
$$;
comment on function api.update_organization(bigint, jsonb, bigint) is 'Changes the keys given; TK404, TK409 with the current organization when p_version is stale, TK422.';

create function api.delete_organization(p_id bigint, p_version bigint default null)
  returns json
  language sql volatile
  set search_path = ''
as $$
  select api._delete('organizations', 'organization', p_id, p_version)
$$;
comment on function api.delete_organization(bigint, bigint) is 'Removes an organization; TK404, TK409 when stale or still in use.';
