-- What happens when time has passed: an automation speaks once when its conditions come to hold, and again once they ceased to and hold anew.
create view api.automations with (security_invoker = true) as
select r.id, r.version, r.position, r.name, r.enabled, r.conditions, r.actions, r.created_at, r.updated_at
  from app.automations r;
comment on view api.automations is 'What happens when time has passed: an automation speaks once when its conditions come to hold, and again once they ceased to and hold anew.';

create function api.list_automations(p_query jsonb default '{}')
  returns json
  language sql stable
  set search_path = ''
as $$
  select api._list('automations', p_query, array['enabled'], array['name'], array['position', 'name'])
$$;
comment on function api.list_automations(jsonb) is
  'A page of automations: {items, next}. Filters: enabled, q; sorts: position, name. TK422 for what it does not know. Example: select api.list_automations(''{"limit": 50}'')';

create function api.get_automation(p_id bigint)
  returns json
  language sql stable
  set search_path = ''
as $$
  select api._get('automations', 'automation', p_id)
$$;
comment on function api.get_automation(bigint) is 'One automation; TK404 when there is none that the caller can see.';

create function api.create_automation(p_body jsonb)
  returns json
  language sql volatile
  set search_path = ''
as $$
  select api._create('automations', p_body, array['position', 'name', 'enabled', 'conditions', 'actions'])
$$;
comment on function api.create_automation(jsonb) is 'Adds a automation; TK422 with every problem. Keys: position, name, enabled, conditions, actions.';

create function api.update_automation(p_id bigint, p_body jsonb, p_version bigint default null)
  returns json
  language sql volatile
  set search_path = ''
as $$
  select api._update('automations', 'automation', p_id, p_body, p_version, array['position', 'name', 'enabled', 'conditions', 'actions'])
$$;
comment on function api.update_automation(bigint, jsonb, bigint) is 'Changes the keys given; TK404, TK409 with the current automation when p_version is stale, TK422.';

create function api.delete_automation(p_id bigint, p_version bigint default null)
  returns json
  language sql volatile
  set search_path = ''
as $$
  select api._delete('automations', 'automation', p_id, p_version)
$$;
comment on function api.delete_automation(bigint, bigint) is 'Removes a automation; TK404, TK409 when stale or still in use.';
