-- Fields that a desk adds to its tickets, without DDL.
create view api.custom_fields with (security_invoker = true) as
select f.id, f.version, f.key, f.label, f.description, f.type, f.config, f.required_on_create, f.required_on_solve,
       f.default_value, f.visible_when, f.visible_to, f.position, f.filterable, f.active, f.created_at, f.updated_at
  from app.custom_fields f;
comment on view api.custom_fields is 'Fields that a desk adds to its tickets, without DDL.';

select api._define_resource('custom_fields', 'custom_field',
  p_filters => '{type,active,filterable}', p_search => '{label,key}', p_sorts => '{position,key}',
  p_keys => '{key,label,description,type,config,required_on_create,required_on_solve,default_value,visible_when,visible_to,position,filterable,active}',
  p_about => 'key (a-z, 0-9, _; at most 60 characters), label, description, type (text, multiline, integer, decimal, boolean, date, datetime, dropdown, multiselect, regex, url, email, relation), config (by type: options, pattern with a message that says in words what it asks for, min, max, max_length, target), required_on_create, required_on_solve, default_value, visible_when (a condition), visible_to (roles that see it), position, filterable (whether views that ask for it or are sorted by it find it by an index), active',
  p_query => '{"active": "true"}',
  p_create => '{"key": "plan", "label": "Plan", "type": "dropdown", "config": {"options": [{"label": "Free", "value": "free"}, {"label": "Pro", "value": "pro"}]}}',
  p_update => '{"label": "Area of the product"}');
