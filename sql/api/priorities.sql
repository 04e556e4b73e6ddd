-- How pressing a ticket is; the higher the weight, the more.
create view api.priorities with (security_invoker = true) as
select p.id, p.version, p.key, p.label, p.color, p.weight, p.load_percent, p.active, p.created_at, p.updated_at
  from app.priorities p;
comment on view api.priorities is 'How pressing a ticket is; the higher the weight, the more.';

create function api.list_priorities(p_query jsonb default '{}')
  returns json
  language sql stable
  set search_path = ''
as $$
  select api._list('priorities', p_query, array['active'], array['label'], array['weight', 'key'])
$$;
comment on function api.list_priorities(jsonb) is
  'A page of priorities: {items, next}. Filters: active, q; sorts: weight, key. TK422 for what it does not know. Example: select api.list_priorities(''{"limit": 50}'')';

create function api.get_priority(p_id bigint)
  returns json
  language sql stable
  set search_path = ''
as $$
  select api._get('priorities', 'priority', p_id)
$$;
comment on function api.get_priority(bigint) is 'One priority; TK404 when there is none that the caller can see.';

create function api.create_priority(p_body jsonb)
  returns json
  language sql volatile
  set search_path = ''
as $$
  select api._create('priorities', p_body, array['key', 'label', 'color', 'weight', 'load_percent', 'active'])
$$;
comment on function api.create_priority(jsonb) is 'Adds a priority; TK422 with every problem. Keys: key, label, color, weight, active.';

create function api.update_priority(p_id bigint, p_body jsonb, p_version bigint default null)
  returns json
  language sql volatile
  set search_path = ''
as $$
  select api._update('priorities', 'priority', p_id, p_body, p_version, array['key', 'label', 'color', 'weight', 'load_percent', 'active'])
$$;
comment on function api.update_priority(bigint, jsonb, bigint) is 'Changes the keys given; TK404, TK409 with the current priority when p_version is stale, TK422.';

create function api.delete_priority(p_id bigint, p_version bigint default null)
  returns json
  language sql volatile
  set search_path = ''
as $$
  select api._delete('priorities', 'priority', p_id, p_version)
$$;
comment on function api.delete_priority(bigint, bigint) is 'Removes a priority; TK404, TK409 when stale or still in use.';
