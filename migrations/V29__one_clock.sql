-- Rows are dated by the desk's clock, as everything else is: a message that its column's default dated by the
-- server's, and its event by the desk's, could lie a day apart.
do $$
declare
  v_column record;
begin
  for v_column in
    select format('%I.%I', n.nspname, c.relname) as name, a.attname
      from pg_attrdef d
      join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
      join pg_class c on c.oid = d.adrelid
      join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'app' and pg_get_expr(d.adbin, d.adrelid) = 'now()'
     order by 1, 2
  loop
    execute format('alter table %s alter column %I set default autocrm.now()', v_column.name, v_column.attname);
  end loop;
end
$$;
