-- What happens when something happened to a ticket: every trigger whose conditions hold, by position.
create view api.triggers with (security_invoker = true) as
select r.id, r.version, r.position, r.name, r.enabled, r.conditions, r.actions, r.created_at, r.updated_at
  from app.triggers r;
comment on view api.triggers is 'What happens when something happened to a ticket: every trigger whose conditions hold, by position.';

create function api.list_triggers(p_query jsonb default '{}')
  returns json
  language sql stable
  set search_path = ''
as $$
  select api._list('triggers', p_query, array['enabled'], array['name'], array['position', 'name'])
$$;
comment on function api.list_triggers(jsonb) is
  'A page of triggers: {items, next}. Filters: enabled, q; sorts: position, name. TK422 for what it does not know. Example: select api.list_triggers(''{"limit": 50}'')';

create function api.get_trigger(p_id bigint)
  returns json
  language sql stable
  set search_path = ''
as $$
  select api._get('triggers', 'trigger', p_id)
$$;
comment on function api.get_trigger(bigint) is 'One trigger; TK404 when there is none that the caller can see.';

create function api.create_trigger(p_body jsonb)
  returns json
  language sql volatile
  set search_path = ''
as $$
  select api._create('triggers', p_body, array['position', 'name', 'enabled', 'conditions', 'actions'])
$$;
comment on function api.create_trigger(jsonb) is 'Adds a trigger; TK422 with every problem. Keys: position, name, enabled, conditions, actions.';

create function api.update_trigger(p_id bigint, p_body jsonb, p_version bigint default null)
  returns json
  language sql volatile
  set search_path = ''
as $$
  select api._update('triggers', 'trigger', p_id, p_body, p_version, array['position', 'name', 'enabled', 'conditions', 'actions'])
$$;
comment on function api.update_trigger(bigint, jsonb, bigint) is 'Changes the keys given; TK404, TK409 with the current trigger when p_version is stale, TK422.';

create function api.delete_trigger(p_id bigint, p_version bigint default null)
  returns json
  language sql volatile
  set search_path = ''
as $$
  select api._delete('triggers', 'trigger', p_id, p_version)
$$;
comment on function api.delete_trigger(bigint, bigint) is 'Removes a trigger; TK404, TK409 when stale or still in use.';
