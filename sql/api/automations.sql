-- Automations: rules that apply when time has passed, once each time their conditions come to hold.
create view api.automations with (security_invoker = true) as
select r.id, r.version, r.position, r.name, r.enabled, r.conditions, r.actions, r.created_at, r.updated_at
  from app.automations r;
comment on view api.automations is 'Rules that apply when time has passed, once each time their conditions come to hold.';

select api._define_resource('automations', 'automation',
  p_filters => '{enabled}', p_search => '{name}', p_sorts => '{position,name}',
  p_keys => '{position,name,enabled,conditions,actions}',
  p_about => 'position (order of evaluation, lowest first), name, enabled, conditions (see get_condition_schema), actions (a list such as [{"set": "priority", "value": "high"}]); hours_since.… in conditions counts hours',
  p_create => '{"name": "Remind after four days", "conditions": {"all": [{"field": "status", "op": "is", "value": "pending"}, {"field": "hours_since.status", "op": "greater", "value": 96}]}, "actions": [{"add_tags": ["reminded"]}]}',
  p_update => '{"enabled": false}');
