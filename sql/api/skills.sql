-- What agents can and tickets may need.
create view api.skills with (security_invoker = true) as
select s.id, s.version, s.name, s.description, s.created_at, s.updated_at
  from app.skills s;
comment on view api.skills is 'What agents can and tickets may need.';

create function api.list_skills(p_query jsonb default '{}')
  returns json
  language sql stable
  set search_path = ''
as $$
  select api._list('skills', p_query, array['name'], array['name'], array['name'])
$$;
comment on function api.list_skills(jsonb) is
  'A page of skills: {items, next}. Filters: name, q; sorts: name. TK422 for what it does not know. Example: select api.list_skills(''{"limit": 50}'')';

create function api.get_skill(p_id bigint)
  returns json
  language sql stable
  set search_path = ''
as $$
  select api._get('skills', 'skill', p_id)
$$;
comment on function api.get_skill(bigint) is 'One skill; TK404 when there is none that the caller can see.';

create function api.create_skill(p_body jsonb)
  returns json
  language sql volatile
  set search_path = ''
as $$
  select api._create('skills', p_body, array['name', 'description'])
$$;
comment on function api.create_skill(jsonb) is 'Adds a skill; TK422 with every problem. Keys: name, description.';

create function api.update_skill(p_id bigint, p_body jsonb, p_version bigint default null)
  returns json
  language sql volatile
  set search_path = ''
as $$
  select api._update('skills', 'skill', p_id, p_body, p_version, array['name', 'description'])
$$;
comment on function api.update_skill(bigint, jsonb, bigint) is 'Changes the keys given; TK404, TK409 with the current skill when p_version is stale, TK422.';

create function api.delete_skill(p_id bigint, p_version bigint default null)
  returns json
  language sql volatile
  set search_path = ''
as $$
  select api._delete('skills', 'skill', p_id, p_version)
$$;
comment on function api.delete_skill(bigint, bigint) is 'Removes a skill; TK404, TK409 when stale or still in use.';
