-- Routing rules of new tickets: the first one whose conditions hold applies, by position.
create view api.routing_rules with (security_invoker = true) as
select r.id, r.version, r.position, r.name, r.enabled, r.conditions, r.actions, r.stop, r.created_at, r.updated_at
  from app.routing_rules r;
comment on view api.routing_rules is 'Rules of new tickets: the first one whose conditions hold applies, by position.';

select api._define_resource('routing_rules', 'routing_rule',
  p_filters => '{enabled}', p_search => '{name}', p_sorts => '{position,name}',
  p_keys => '{position,name,enabled,conditions,actions,stop}',
  p_about => 'position (order of evaluation, lowest first), name, enabled, conditions (see get_condition_schema), actions (a list such as [{"set": "priority", "value": "high"}]), stop (true: no rule after it applies)',
  p_create => '{"name": "Refunds go to Billing", "conditions": {"field": "subject", "op": "contains_word", "value": "refund"}, "actions": [{"set": "team", "value": "Billing"}]}',
  p_update => '{"enabled": false}');

create function api.get_condition_schema()
  returns json
  language sql stable
  set search_path = ''
as $$
  select autocrm.condition_schema()::json
$$;
comment on function api.get_condition_schema() is
  'JSON Schema of conditions, for editors: every field of this desk, its operators and values. Example: select api.get_condition_schema()';

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
