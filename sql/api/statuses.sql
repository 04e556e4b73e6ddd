-- Statuses of tickets. The category decides what a status means; label, colour and order are up to the desk.
create view api.statuses with (security_invoker = true) as
select s.id, s.version, s.key, s.label, s.color, s.category, s.position, s.active, s.created_at, s.updated_at
  from app.statuses s;
comment on view api.statuses is 'Statuses of tickets. The category decides what a status means; label, colour and order are up to the desk.';

select api._define_resource('statuses', 'status',
  p_filters => '{category,active}', p_search => '{label}', p_sorts => '{position,key}',
  p_keys => '{key,label,color,category,position,active}',
  p_about => 'key (a-z, 0-9, _; at most 40 characters), label, color (#rrggbb), category (new, open, pending, on_hold, solved, closed), position (order in lists), active',
  p_create => '{"key": "on_site", "label": "On site", "category": "open", "position": 25}',
  p_update => '{"label": "Waiting for customer"}');
