-- Fields that a desk adds to its tickets, without DDL.
create view api.custom_fields with (security_invoker = true) as
select f.id, f.version, f.key, f.label, f.description, f.type, f.config, f.required_on_create, f.required_on_solve,
       f.default_value, f.visible_when, f.visible_to, f.position, f.filterable, f.active, f.created_at, f.updated_at
  from app.custom_fields f;
comment on view api.custom_fields is 'Fields that a desk adds to its tickets, without DDL.';

create function api.list_custom_fields(p_query jsonb default '{}')
  returns json
  language sql stable
  set search_path = ''
as $$
  select api._list('custom_fields', p_query, array['type', 'active', 'filterable'], array['label', 'key'], array['position', 'key'])
$$;
comment on function api.list_custom_fields(jsonb) is
  'A page of custom fields: {items, next}. Filters: type, active, filterable, q; sorts: position, key. TK422 for what it does not know. Example: select api.list_custom_fields(''{"limit": 50}'')';

create function api.get_custom_field(p_id bigint)
  returns json
  language sql stable
  set search_path = ''
as $$
  select api._get('custom_fields', 'custom field', p_id)
$$;
comment on function api.get_custom_field(bigint) is 'One custom field; TK404 when there is none that the caller can see.';

create function api.create_custom_field(p_body jsonb)
  returns json
  language sql volatile
  set search_path = ''
as $$
  select api._create('custom_fields', p_body, array['key', 'label', 'description', 'type', 'config', 'required_on_create', 'required_on_solve', 'default_value', 'visible_when', 'visible_to', 'position', 'filterable', 'active'])
$$;
comment on function api.create_custom_field(jsonb) is 'Adds a custom field; TK422 with every problem. Keys: key, label, description, type, config, required_on_create, required_on_solve, default_value, visible_when, visible_to, position, filterable (whether views that ask for it or are sorted by it find it by an index), active.';

create function api.update_custom_field(p_id bigint, p_body jsonb, p_version bigint default null)
  returns json
  language sql volatile
  set search_path = ''
as $$
  select api._update('custom_fields', 'custom field', p_id, p_body, p_version, array['key', 'label', 'description', 'type', 'config', 'required_on_create', 'required_on_solve', 'default_value', 'visible_when', 'visible_to', 'position', 'filterable', 'active'])
$$;
comment on function api.update_custom_field(bigint, jsonb, bigint) is 'Changes the keys given; TK404, TK409 with the current custom field when p_version is stale, TK422.';

create function api.delete_custom_field(p_id bigint, p_version bigint default null)
  returns json
  language sql volatile
  set search_path = ''
as $$
  select api._delete('custom_fields', 'custom field', p_id, p_version)
$$;
comment on function api.delete_custom_field(bigint, bigint) is 'Removes a custom field; TK404, TK409 when stale or still in use.';
