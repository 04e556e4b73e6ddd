-- Monthly partitions of tables that grow, created ahead of time by the worker. Rows outside of them are kept in the
-- default partition and stay readable. Partitions are created only here, so that none lacks row-level security: no role
-- has a grant on one, and reads go through the parent and its policies.
--
-- Creating one blocks nobody. CREATE TABLE … PARTITION OF would lock the parent against all readers, and queue behind the
-- oldest of them with everybody else behind it. Instead a table is created and then attached, which does not lock readers
-- of the parent out; the locks that attaching takes (on the default partition, and on targets of foreign keys) are tried
-- without queueing, and when one is held, the month is left to another round.

create function app._partition_column(p_table text)
  returns text
  language sql stable
  set search_path = ''
as $$
  select a.attname::text
    from pg_catalog.pg_partitioned_table p
    join pg_catalog.pg_attribute a on a.attrelid = p.partrelid and a.attnum = p.partattrs[0]
   where p.partrelid = ('app.' || p_table)::pg_catalog.regclass
$$;

-- Tries to get the locks that attaching takes, for up to a tenth of a second.
create function app._lock_to_attach(p_table text)
  returns boolean
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_table text;
begin
  for v_try in 1 .. 20
  loop
    begin
      execute format('lock table app.%I in access exclusive mode nowait', p_table || '_default');
      for v_table in
        select distinct c.confrelid::pg_catalog.regclass::text
          from pg_catalog.pg_constraint c
         where c.conrelid = ('app.' || p_table)::pg_catalog.regclass and c.contype = 'f' order by 1
      loop
        execute format('lock table %s in share row exclusive mode nowait', v_table);
      end loop;
      return true;
    exception
      when lock_not_available then
        perform pg_catalog.pg_sleep(0.005);
    end;
  end loop;
  return false;
end
$$;

-- One partition; answers whether it exists now, NULL while it is set aside. Attaching scans the default partition for rows
-- of the new one under an exclusive lock: where that would take long, a constraint that excludes such rows is added and
-- validated first without blocking anybody, each step in a round of its own.
create function app._make_partition(p_table text, p_name text, p_from timestamptz, p_to timestamptz)
  returns boolean
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_default constant text := p_table || '_default';
  v_none constant text := p_name || '_is_elsewhere';
  v_checked boolean;
begin
  if pg_catalog.pg_relation_size('app.' || v_default) > 8 * 1024 * 1024 then
    select convalidated into v_checked from pg_catalog.pg_constraint
     where conrelid = ('app.' || v_default)::pg_catalog.regclass and conname = v_none;
    if v_checked is null then
      if app._lock_to_attach(p_table) then
        execute format('alter table app.%1$I add constraint %2$I check (%3$I < %4$L or %3$I >= %5$L) not valid',
          v_default, v_none, app._partition_column(p_table), p_from, p_to);
      end if;
      return null;
    elsif not v_checked then
      execute format('alter table app.%I validate constraint %I', v_default, v_none);
      return null;
    end if;
  end if;
  if not app._lock_to_attach(p_table) then
    return null;
  end if;
  execute format('create table app.%I (like app.%I including defaults including constraints including generated including storage)', p_name, p_table);
  execute format('alter table app.%I enable row level security', p_name);
  execute format('alter table app.%I attach partition app.%I for values from (%L) to (%L)', p_table, p_name, p_from, p_to);
  if v_checked then
    execute format('alter table app.%I drop constraint %I', v_default, v_none);
  end if;
  return true;
exception
  when lock_not_available then
    return null;
  -- Rows of that month are in the default partition already and may stay there.
  when check_violation then
    begin
      execute format('alter table app.%I drop constraint if exists %I', v_default, v_none);
    exception
      when lock_not_available then null;
    end;
    return false;
end
$$;

create function app.ensure_partitions(p_months_ahead integer default 3)
  returns integer
  language plpgsql volatile security definer
  set search_path = ''
  set time zone 'UTC'
  set lock_timeout = '100ms'
as $$
declare
  v_table text;
  v_month timestamptz;
  v_name text;
  v_made integer := 0;
  v_there boolean;
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
      select m
        from generate_series(
          date_trunc('month', autocrm.now()) - interval '1 month',
          date_trunc('month', autocrm.now()) + make_interval(months => p_months_ahead),
          interval '1 month'
        ) m
    loop
      v_name := v_table || '_' || to_char(v_month, 'YYYY_MM');
      if to_regclass('app.' || v_name) is null then
        -- A lock is held, so the later months of this table would only wait for it again.
        v_there := app._make_partition(v_table, v_name, v_month, v_month + interval '1 month');
        exit when v_there is null;
        v_made := v_made + v_there::integer;
      end if;
    end loop;
  end loop;
  -- Triggers on TRUNCATE are not inherited, so each partition of the history has its own.
  for v_partition in
    select i.inhrelid::regclass
      from pg_catalog.pg_inherits i
     where i.inhparent = any (array['app.events', 'app.audit_log', 'app.routing_decisions']::regclass[])
       and not exists (select from pg_catalog.pg_trigger t where t.tgrelid = i.inhrelid and t.tgname = 'tg_partition__110_no_truncate')
  loop
    begin
      execute format(
        'create trigger tg_partition__110_no_truncate before truncate on %s
           for each statement execute function autocrm.tg_append_only()', v_partition);
    exception
      -- It is being read: left to another round.
      when lock_not_available then null;
    end;
  end loop;
  return v_made;
end
$$;
comment on function app.ensure_partitions(integer) is
  'Creates the partitions of last month to p_months_ahead months from now, as far as that blocks nobody; answers how many it created.';

do $$
begin
  perform app.ensure_partitions();
end
$$;
