-- Skills that agents have and tickets may need.
create view api.skills with (security_invoker = true) as
select s.id, s.version, s.name, s.description, s.created_at, s.updated_at
  from app.skills s;
comment on view api.skills is 'Skills that agents have and tickets may need.';

select api._define_resource('skills', 'skill',
  p_filters => '{name}', p_search => '{name}', p_sorts => '{name}',
  p_keys => '{name,description}',
  p_about => 'name (at most 100 characters), description',
  p_create => '{"name": "Refunds abroad", "description": "Knows the rules of the EU"}',
  p_update => '{"description": "Reads and writes German"}');
