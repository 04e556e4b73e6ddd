-- How a ticket may stand. Category decides what a status means; label, colour and order are the desk's.
create view api.statuses with (security_invoker = true) as
select s.id, s.version, s.key, s.label, s.color, s.category, s.position, s.active, s.created_at, s.updated_at
  from app.statuses s;
comment on view api.statuses is 'How a ticket may stand. Category decides what a status means; label, colour and order are the desk''s.';

create function api.list_statuses(p_query jsonb default '{}')
  returns json
  language sql stable
  set search_path = ''
as $$
  select api._list('statuses', p_query, array['category', 'active'], array['label'], array['position', 'key'])
$$;
comment on function api.list_statuses(jsonb) is
  'A page of statuses: {items, next}. Filters: category, active, q; sorts: position, key. TK422 for what it does not know. Example: select api.list_statuses(''{"limit": 50}'')';

create function api.get_status(p_id bigint)
  returns json
  language sql stable
  set search_path = ''
as $$
  select api._get('statuses', 'status', p_id)
$$;
comment on function api.get_status(bigint) is 'One status; TK404 when there is none that the caller can see.';

create function api.create_status(p_body jsonb)
  returns json
  language sql volatile
  set search_path = ''
as $$
  select api._create('statuses', p_body, array['key', 'label', 'color', 'category', 'position', 'active'])
$$;
comment on function api.create_status(jsonb) is 'Adds a status; TK422 with every problem. Keys: key, label, color, category, position, active.';

create function api.update_status(p_id bigint, p_body jsonb, p_version bigint default null)
  returns json
  language sql volatile
  set search_path = ''
as $$
  select api._update('statuses', 'status', p_id, p_body, p_version, array['key', 'label', 'color', 'category', 'position', 'active'])
$$;
comment on function api.update_status(bigint, jsonb, bigint) is 'Changes the keys given; TK404, TK409 with the current status when p_version is stale, TK422.';

create function api.delete_status(p_id bigint, p_version bigint default null)
  returns json
  language sql volatile
  set search_path = ''
as $$
  select api._delete('statuses', 'status', p_id, p_version)
$$;
comment on function api.delete_status(bigint, bigint) is 'Removes a status; TK404, TK409 when stale or still in use.';
