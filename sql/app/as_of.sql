-- Rows as they were at a moment, from the audit log. Nothing is stored for it: a value at that moment is what the last
-- change up to then wrote, else what the first change after it found, else today's.
--
-- Changes of one row are numbered in the order in which they were made, since whoever writes a row has locked it. Their
-- times are those of transactions, and one that began early may write late: so the state is that after the last change
-- whose time has come, with all changes before it, and each state really was there.

-- The key columns of a table's audit rows; NULL for a table that is not audited.
create function app._audit_key(p_table name)
  returns text[]
  language sql stable
  set search_path = ''
as $$
  select case when t.tgnargs = 0 then array['id']
              else pg_catalog.array_remove(pg_catalog.string_to_array(pg_catalog.encode(t.tgargs, 'escape'), '\000'), '') end
    from pg_catalog.pg_trigger t
   where t.tgrelid = case when p_table <> '' then pg_catalog.to_regclass(pg_catalog.format('app.%I', p_table)) end
     and t.tgfoid in (
       'autocrm.tg_audit()'::pg_catalog.regprocedure, 'autocrm.tg_tickets__record()'::pg_catalog.regprocedure,
       'autocrm.tg_messages__record()'::pg_catalog.regprocedure, 'autocrm.tg_mentions__record()'::pg_catalog.regprocedure)
   limit 1
$$;
comment on function app._audit_key(name) is
  'The columns that make the key of a table''s audit rows, in their order; NULL for a table that is not audited. Example: select app._audit_key(''memberships'')';

grant execute on function app._audit_key(name) to autocrm_admin;

-- The row as it is today; NULL when there is none, or the key has other types.
create function app._row_now(p_table name, p_key text)
  returns jsonb
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_columns text[] := app._audit_key(p_table);
  v_values text[] := case when cardinality(v_columns) = 1 then array[p_key] else string_to_array(p_key, ',') end;
  v_row jsonb;
begin
  if cardinality(v_values) is distinct from cardinality(v_columns) then
    return null;
  end if;
  execute (
    -- As literals of the columns' types, so that the primary key finds the row.
    select format('select to_jsonb(t) from app.%I t where %s', p_table, string_agg(
             format('t.%I = %L::%s', a.attname, v_values[k.n], format_type(a.atttypid, a.atttypmod)), ' and '))
      from unnest(v_columns) with ordinality k (name, n)
      join pg_attribute a on a.attrelid = to_regclass(format('app.%I', p_table)) and a.attname = k.name)
    into v_row;
  return v_row;
exception when data_exception then
  return null;
end
$$;

-- A row's columns at a moment, in the types of the table as it is now; NULL when there was no such row. For definers: it
-- reads past the policies. Columns that the audit leaves out (versions, times of changes, of a deleted row also that of its
-- creation) are left out here too, and secrets are masked.
create function app._as_of(p_table name, p_key text, p_at timestamptz)
  returns jsonb
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_untold constant text[] := array['version', 'updated_at', 'sort_name', 'next_breach_at'];
  v_secret constant text[] := array['argon2', 'hash', 'refresh_hash', 'previous_hash', 'claims'];
  v_last bigint;
  v_action text;
  v_first bigint := 0;
  v_end bigint;
  v_row jsonb := '{}';
  v_typed jsonb;
begin
  select l.id, l.action::text into v_last, v_action
    from app.audit_log l
   where l.table_name = p_table and l.row_key = p_key and l.action in ('insert', 'update', 'delete') and l.at <= p_at
   order by l.id desc limit 1;
  if v_action = 'delete' then
    return null;
  end if;
  -- A key may have had several rows, one after the other: from its insertion to its deletion it is one.
  select coalesce(max(l.id), 0) into v_first
    from app.audit_log l
   where l.table_name = p_table and l.row_key = p_key and l.action = 'insert' and l.id <= v_last;
  select l.id, l.action::text into v_end, v_action
    from app.audit_log l
   where l.table_name = p_table and l.row_key = p_key and l.action in ('insert', 'delete') and l.id > coalesce(v_last, 0)
   order by l.id limit 1;
  if v_last is null and v_action = 'insert' then
    return null;
  end if;
  if v_end is null then
    v_row := app._row_now(p_table, p_key);
    -- Older than the log: only its own time tells since when it is there.
    if v_row is null and v_last is null or v_first = 0 and (v_row ->> 'created_at')::timestamptz > p_at then
      return null;
    end if;
  end if;
  select coalesce(v_row, '{}') || coalesce(jsonb_object_agg(c.name, c.value), '{}') into v_row
    from (
      select distinct on (e.key) e.key as name, case when l.id <= v_last then e.value -> 1 else e.value -> 0 end as value
        from app.audit_log l
       cross join jsonb_each(l.changes) e
       where l.table_name = p_table and l.row_key = p_key and l.action in ('insert', 'update', 'delete')
         and l.id >= v_first and l.id <= coalesce(v_end, l.id)
       -- The last one up to the moment, else the first one after it.
       order by e.key, l.id <= v_last desc nulls last, case when l.id <= v_last then -l.id else l.id end) c;
  v_row := v_row - v_untold;
  -- What an erasure has masked has no value of its type any more; texts say so.
  v_row := v_row || (
    select coalesce(jsonb_object_agg(a.attname, case when a.attname = 'custom' then '{}' else 'null' end::jsonb), '{}')
      from pg_attribute a
     where a.attrelid = to_regclass(format('app.%I', p_table)) and a.attnum > 0 and not a.attisdropped
       and (a.attname = 'custom' or a.atttypid <> all ('{text,varchar,name,jsonb,json}'::regtype[]))
       and a.attname <> all (v_secret) and v_row -> a.attname::text = '"[redacted]"');
  v_row := v_row || (select coalesce(jsonb_object_agg(s, '[redacted]'), '{}') from unnest(v_secret) s
                      where v_row -> s <> 'null');
  begin
    execute format('select to_jsonb(jsonb_populate_record(null::app.%I, $1))', p_table) into v_typed using v_row - v_secret;
    -- Columns that the table has no more stay as they were. Of a row that is gone, a value that the log never had was null.
    return v_row || (select coalesce(jsonb_object_agg(e.key, e.value), '{}') from jsonb_each(v_typed) e
             where (v_row ? e.key or v_end is not null) and e.key <> all (v_secret || v_untold || array['created_at']))
                 || case when v_row ? 'created_at' then jsonb_build_object('created_at', v_typed -> 'created_at') else '{}' end;
  exception when data_exception or datatype_mismatch then
    -- A type that has changed since.
    return v_row;
  end;
end
$$;

-- A value of a configuration row: today's, or that of the moment where the row is gone.
create function app._then(p_table name, p_column text, p_id bigint, p_at timestamptz)
  returns text
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_value text;
begin
  execute format('select t.%I::text from app.%I t where t.id = $1', p_column, p_table) into v_value using p_id;
  return coalesce(v_value, app._as_of(p_table, p_id::text, p_at) ->> p_column);
end
$$;

-- Definer: the audit log is for admins. Whoever sees the ticket today sees what it was, without fields that are hidden from
-- them today. Statuses, priorities, teams and tags, which everybody at the desk reads, come by name.
create function app.ticket_as_of(p_id bigint, p_at timestamptz)
  returns jsonb
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_unlimited boolean := app._is_unlimited();
  v_ticket jsonb;
  v_written timestamptz;
begin
  if p_id is null or p_at is null or not (v_unlimited or coalesce(autocrm.sees_ticket(p_id), false)) then
    return null;
  end if;
  v_ticket := app._as_of('tickets', p_id::text, p_at);
  -- Nobody saw it while it was in the trash.
  if v_ticket is null or v_ticket ->> 'deleted_at' is not null then
    return null;
  end if;
  select max(l.at) into v_written
    from app.audit_log l where l.table_name = 'tickets' and l.row_key = p_id::text and l.action in ('insert', 'update') and l.at <= p_at;
  return v_ticket || jsonb_build_object(
    'custom', coalesce((
      select jsonb_object_agg(v.key, v.value) from jsonb_each(v_ticket -> 'custom') v
       where v_unlimited or autocrm.sees_field(v.key)), '{}')
      || coalesce((
      select jsonb_object_agg(v.key, v.value)
        from (select f.key, app._as_of('ticket_field_values', p_id || ',' || f.key, p_at) -> 'value' as value
                from app.custom_fields f
               where (v_unlimited or autocrm.sees_field(f.key))
                 -- Most fields never had a restricted value.
                 and (exists (select from app.ticket_field_values x where x.ticket_id = p_id and x.field_key = f.key)
                      or exists (select from app.audit_log l where l.table_name = 'ticket_field_values' and l.row_key = p_id || ',' || f.key))) v
       where v.value is not null), '{}'),
    'updated_at', coalesce(v_written, (v_ticket ->> 'created_at')::timestamptz),
    'status', app._then('statuses', 'key', (v_ticket ->> 'status_id')::bigint, p_at),
    'status_category', app._then('statuses', 'category', (v_ticket ->> 'status_id')::bigint, p_at),
    'priority', app._then('priorities', 'key', (v_ticket ->> 'priority_id')::bigint, p_at),
    'priority_weight', app._then('priorities', 'weight', (v_ticket ->> 'priority_id')::bigint, p_at)::integer,
    'team', app._then('teams', 'name', (v_ticket ->> 'team_id')::bigint, p_at),
    'tags', coalesce((
      select jsonb_agg(g.name order by g.name collate app.names)
        from (select app._then('tags', 'name', x::bigint, p_at) as name from jsonb_array_elements_text(v_ticket -> 'tag_ids') x) g
       where g.name is not null), '[]'));
end
$$;
comment on function app.ticket_as_of(bigint, timestamptz) is
  'A ticket''s columns at a moment, with the names of its status, priority, team and tags, and the custom fields that the caller may see; NULL when the caller does not see the ticket, or it was not there or in the trash. Example: select app.ticket_as_of(7, now())';
grant execute on function app.ticket_as_of(bigint, timestamptz) to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst;

-- Definer: rows are read past the policies, for those who may read the audit log, which has the same values.
create function app.row_as_of(p_table name, p_key text, p_at timestamptz)
  returns jsonb
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  if not (app._is_unlimited() or coalesce(autocrm.actor_role() = 'admin', false)) then
    perform autocrm.fail('TK403', 'Only administrators read the audit log', null, 'Ask an administrator.');
  end if;
  if app._audit_key(p_table) is null then
    perform autocrm.fail('TK422', 'This row cannot be read', 'table: ' || coalesce(p_table, 'NULL') || ' is no table of the audit log',
      'Name a table of schema app that is audited, such as routing_rules.');
  end if;
  return app._as_of(p_table, p_key, p_at);
end
$$;
comment on function app.row_as_of(name, text, timestamptz) is
  'A row of an audited table at a moment, without the columns that the audit leaves out, secrets masked; NULL when there was none. The key is that of the audit log: the id, or the key columns joined by commas. Admins only. TK403, TK422. Example: select app.row_as_of(''memberships'', ''1,7'', now())';
grant execute on function app.row_as_of(name, text, timestamptz) to autocrm_admin;
