-- Months ahead of time: the big tables are partitioned by month (UTC), and a row never waits for DDL.
-- A default partition catches what imports bring from further back.
create or replace function app.ensure_partitions(p_months_ahead integer default 3)
  returns integer
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_table text;
  v_month date;
  v_name text;
  v_made integer := 0;
  v_partition regclass;
begin
  foreach v_table in array array['messages', 'events', 'audit_log', 'routing_decisions']
  loop
    v_name := v_table || '_default';
    if to_regclass('app.' || v_name) is null then
      execute format('create table app.%I partition of app.%I default', v_name, v_table);
      execute format('alter table app.%I enable row level security', v_name);
      v_made := v_made + 1;
    end if;
    for v_month in
      select m::date
        from generate_series(
          date_trunc('month', autocrm.now() at time zone 'UTC') - interval '1 month',
          date_trunc('month', autocrm.now() at time zone 'UTC') + make_interval(months => p_months_ahead),
          interval '1 month'
        ) m
    loop
      v_name := v_table || '_' || to_char(v_month, 'YYYY_MM');
      if to_regclass('app.' || v_name) is null then
        begin
          execute format(
            'create table app.%I partition of app.%I for values from (%L) to (%L)',
            v_name, v_table,
            to_char(v_month, 'YYYY-MM-DD') || ' 00:00:00+00',
            to_char(v_month + interval '1 month', 'YYYY-MM-DD') || ' 00:00:00+00'
          );
          execute format('alter table app.%I enable row level security', v_name);
          v_made := v_made + 1;
        exception
          -- Rows of that month are in the default partition already and may stay there.
          when check_violation then null;
        end;
      end if;
    end loop;
  end loop;
  -- Triggers for TRUNCATE are not inherited: each partition of the history refuses it by itself.
  for v_partition in
    select i.inhrelid::regclass
      from pg_catalog.pg_inherits i
     where i.inhparent = any (array['app.events', 'app.audit_log', 'app.routing_decisions']::regclass[])
       and not exists (select from pg_catalog.pg_trigger t where t.tgrelid = i.inhrelid and t.tgname = 'tg_partition__110_no_truncate')
  loop
    execute format(
      'create trigger tg_partition__110_no_truncate before truncate on %s
         for each statement execute function autocrm.tg_append_only()', v_partition);
  end loop;
  return v_made;
end
$$;
comment on function app.ensure_partitions(integer) is
  'Makes the partitions of last month to p_months_ahead months from now; answers how many were missing.';

do $$
begin
  perform app.ensure_partitions();
end
$$;
