-- The last lists that people write as columns get their limits, named as in V25.

do $$
declare
  v_table text;
  v_column text;
  v_most integer;
  v_name text;
begin
  for v_table, v_column, v_most in
    values ('custom_fields', 'visible_to', 5), ('ticket_forms', 'shown_to', 2), ('ticket_forms', 'team_ids', 1000)
  loop
    v_name := format('%s_%s_most_%s', v_table, v_column, v_most);
    execute format('alter table app.%I add constraint %I check (cardinality(%I) <= %s) not valid', v_table, v_name, v_column, v_most);
    begin
      execute format('alter table app.%I validate constraint %I', v_table, v_name);
    exception when check_violation then
      raise warning 'app.%: rows exceed what is allowed now for %', v_table, v_column;
    end;
  end loop;
end
$$;
