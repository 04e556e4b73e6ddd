-- Triggers: rules that apply when a ticket changed, every one whose conditions hold, by position.
create view api.triggers with (security_invoker = true) as
select r.id, r.version, r.position, r.name, r.enabled, r.conditions, r.actions, r.created_at, r.updated_at
  from app.triggers r;
comment on view api.triggers is 'Rules that apply when a ticket changed: every one whose conditions hold, by position.';

select api._define_resource('triggers', 'trigger',
  p_filters => '{enabled}', p_search => '{name}', p_sorts => '{position,name}',
  p_keys => '{position,name,enabled,conditions,actions}',
  p_about => 'position (order of evaluation, lowest first), name, enabled, conditions (see get_condition_schema), actions (a list such as [{"set": "priority", "value": "high"}])',
  p_create => '{"name": "Urgent ones are flagged", "conditions": {"field": "priority", "op": "is", "value": "urgent"}, "actions": [{"add_tags": ["urgent"]}]}',
  p_update => '{"enabled": false}');
