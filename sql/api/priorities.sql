-- Priorities of tickets; the higher the weight, the more pressing.
create view api.priorities with (security_invoker = true) as
select p.id, p.version, p.key, p.label, p.color, p.weight, p.load_percent, p.active, p.created_at, p.updated_at
  from app.priorities p;
comment on view api.priorities is 'Priorities of tickets; the higher the weight, the more pressing.';

select api._define_resource('priorities', 'priority',
  p_filters => '{active}', p_search => '{label}', p_sorts => '{weight,key}',
  p_keys => '{key,label,color,weight,load_percent,active}',
  p_about => 'key (a-z, 0-9, _; at most 40 characters), label, color (#rrggbb), weight (the higher, the more pressing), load_percent (load of a ticket in percent of a slot, 1 to 1000), active',
  p_create => '{"key": "blocker", "label": "Blocker", "weight": 90, "load_percent": 200}',
  p_update => '{"label": "Whenever"}');
