-- What happens to a new ticket: the first rule whose conditions hold, by position.
create view api.routing_rules with (security_invoker = true) as
select r.id, r.version, r.position, r.name, r.enabled, r.conditions, r.actions, r.stop, r.created_at, r.updated_at
  from app.routing_rules r;
comment on view api.routing_rules is 'What happens to a new ticket: the first rule whose conditions hold, by position.';

create function api.list_routing_rules(p_query jsonb default '{}')
  returns json
  language sql stable
  set search_path = ''
as $$
  select api._list('routing_rules', p_query, array['enabled'], array['name'], array['position', 'name'])
$$;
comment on function api.list_routing_rules(jsonb) is
  'A page of routing rules: {items, next}. Filters: enabled, q; sorts: position, name. TK422 for what it does not know. Example: select api.list_routing_rules(''{"limit": 50}'')';

create function api.get_routing_rule(p_id bigint)
  returns json
  language sql stable
  set search_path = ''
as $$
  select api._get('routing_rules', 'routing rule', p_id)
$$;
comment on function api.get_routing_rule(bigint) is 'One routing rule; TK404 when there is none that the caller can see.';

create function api.create_routing_rule(p_body jsonb)
  returns json
  language sql volatile
  set search_path = ''
as $$
  select api._create('routing_rules', p_body, array['position', 'name', 'enabled', 'conditions', 'actions', 'stop'])
$$;
comment on function api.create_routing_rule(jsonb) is 'Adds a routing rule; TK422 with every problem. Keys: position, name, enabled, conditions, actions, stop.';

create function api.update_routing_rule(p_id bigint, p_body jsonb, p_version bigint default null)
  returns json
  language sql volatile
  set search_path = ''
as $$
  select api._update('routing_rules', 'routing rule', p_id, p_body, p_version, array['position', 'name', 'enabled', 'conditions', 'actions', 'stop'])
$$;
comment on function api.update_routing_rule(bigint, jsonb, bigint) is 'Changes the keys given; TK404, TK409 with the current routing rule when p_version is stale, TK422.';

create function api.delete_routing_rule(p_id bigint, p_version bigint default null)
  returns json
  language sql volatile
  set search_path = ''
as $$
  select api._delete('routing_rules', 'routing rule', p_id, p_version)
$$;
comment on function api.delete_routing_rule(bigint, bigint) is 'Removes a routing rule; TK404, TK409 when stale or still in use.';

create function api.get_condition_schema()
  returns json
  language sql stable
  set search_path = ''
as $$
  select autocrm.condition_schema()::json
$$;
comment on function api.get_condition_schema() is 'JSON Schema of conditions for editors: every field of this desk, its operators and values.';

create function api.simulate_routing(p_body jsonb)
  returns json
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_problems text[] := api._unknown_keys(p_body, array['rules', 'from', 'to']) || api._check_times(p_body, array['from', 'to']);
begin
  if v_problems <> '{}' then
    perform api._refuse('This cannot be simulated', v_problems);
  end if;
  return autocrm.simulate_routing(
    nullif(p_body -> 'rules', 'null'),
    coalesce(api._instant(p_body ->> 'from'), autocrm.now() - interval '30 days'),
    coalesce(api._instant(p_body ->> 'to'), autocrm.now()));
end
$$;
comment on function api.simulate_routing(jsonb) is
  'What the tickets of a span of time (the last 30 days) would have become under a draft {"rules": […]} (without: the rules of today). Writes nothing. TK403 for all but admins, TK422. Example: select api.simulate_routing(''{"rules": [{"name": "All to Tech", "actions": [{"set": "team", "value": "Tech"}]}]}'')';
