-- The index of names: which rows of rules, views, macros, forms and jobs name which team, status, tag … No foreign key watches
-- these names; app.names is kept from the rows themselves.

-- Locks what a row begins to name until the row is committed: a rename or removal under way is waited for, and a later one
-- waits and then finds the row. TK409 for what has been renamed, retired or removed since the row was checked.
create function app.hold_named(p_kind text, p_name text, p_sets boolean)
  returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_table text;
  v_where text;
  v_was bigint;
  v_held bigint;
begin
  select x.of_table, x.condition || case when p_sets and x.retires then ' and active' else '' end into v_table, v_where
    from (values
      ('team', 'teams', 'lower(name) = $1', true), ('status', 'statuses', 'lower(key) = $1', true),
      ('priority', 'priorities', 'lower(key) = $1', true), ('form', 'ticket_forms', 'lower(name) = $1', true),
      ('tag', 'tags', 'lower(name) = $1', false), ('organization', 'organizations', 'lower(name) = $1', false),
      ('schedule', 'schedules', 'lower(name) = $1', false), ('skill', 'skills', 'lower(name) = $1', false),
      ('email', 'users', 'lower(email) = $1', true), ('user', 'users', 'id = app.as_id($1)', true),
      ('field', 'custom_fields', 'key = $1', true), ('column', 'custom_fields', 'key = $1', true),
      ('option', 'custom_fields', 'key = split_part($1, ''='', 1)', true),
      ('object_field', 'object_fields', 'object_type_id || ''.'' || key = $1', true),
      ('object_option', 'object_fields', 'object_type_id || ''.'' || key = split_part($1, ''='', 1)', true)
    ) x (kind, of_table, condition, retires)
   where x.kind = p_kind;
  -- What is locked is read as it was committed last, and the rest of the statement as it was when it began.
  execute format('with held as (select from app.%1$I where %2$s for share)
                  select (select count(*) from app.%1$I where %2$s), (select count(*) from held)', v_table, v_where)
    into v_was, v_held using p_name;
  -- An action was checked to name what there is; a tag that is not there is made.
  if v_held < v_was or v_held = 0 and p_sets and p_kind not in ('tag', 'option') then
    perform autocrm.fail('TK409', format('The %s %s has just been renamed, retired or removed', p_kind, p_name), null,
      'Read the names again, and choose anew.');
  end if;
  if p_kind = 'option' then
    -- A relation to a row that may be removed.
    select case f.config ->> 'target' when 'user' then 'users' when 'organization' then 'organizations' when 'ticket' then null
                                      else 'object_records' end into v_table
      from app.custom_fields f where f.key = split_part(p_name, '=', 1) and f.type = 'relation';
    if v_table is not null then
      execute format('select from app.%I where id = app.as_id(split_part($1, ''='', 2)) for share', v_table) using p_name;
    end if;
  end if;
end
$$;

-- The id that a text is; NULL when it is none.
create function app.as_id(p_text text)
  returns bigint
  language sql immutable
  set search_path = ''
as $$
  select case when p_text ~ '^[0-9]{1,18}$' then p_text::bigint end
$$;

-- Maintains the index. Arguments: the columns that identify the row and its part. Definer: no role writes the index.
create function app.tg_names__note()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_row jsonb;
  v_id bigint;
  v_part bigint;
  v_before text[] := '{}';
begin
  if tg_op = 'DELETE' then
    v_row := to_jsonb(old);
  else
    v_row := to_jsonb(new);
  end if;
  v_id := (v_row ->> tg_argv[0])::bigint;
  v_part := coalesce((v_row ->> tg_argv[1])::bigint, 0);
  if tg_op <> 'INSERT' then
    with gone as (delete from app.names n where n.source = tg_table_name and n.source_id = v_id and n.part = v_part returning n.kind, n.name)
    select coalesce(array_agg(g.kind || ' ' || g.name), '{}') into v_before from gone g;
  end if;
  -- A job that has ended names nothing any more.
  if tg_op <> 'DELETE' and (tg_table_name <> 'bulk_jobs' or v_row ->> 'status' in ('queued', 'running')) then
    perform app.note_names(tg_table_name, v_id, v_part, v_row);
    -- What the row named before follows it by the row's own lock. A version of a macro is a copy of what the macro says.
    if tg_table_name <> 'macro_versions' then
      perform app.hold_named(n.kind, n.name, n.sets)
         from (select o.kind, o.name, bool_or(o.sets) as sets from app.names o
                where o.source = tg_table_name and o.source_id = v_id and o.part = v_part and o.kind || ' ' || o.name <> all (v_before)
                group by o.kind, o.name order by o.kind, o.name) n;
    end if;
  end if;
  return null;
end
$$;

create function app.note_names(p_source text, p_id bigint, p_part bigint, p_row jsonb)
  returns void
  language sql volatile
  set search_path = pg_catalog, pg_temp
as $$
  insert into app.names (source, source_id, part, kind, name, sets)
  select distinct p_source, p_id, p_part,
         -- Conditions of a field of an object name fields of the same type.
         case p_source when 'object_fields' then 'object_' else '' end || (n ->> 'kind'),
         case p_source when 'object_fields' then p_row ->> 'object_type_id' || '.' else '' end || lower(n ->> 'name'),
         (n ->> 'sets')::boolean
    from jsonb_array_elements(autocrm.names_in(p_row)) n
   -- Index entries have a size limit; no row has so long a name.
   where length(n ->> 'name') <= 500
$$;

do $$
declare
  v_table text;
  v_id text;
  v_part text;
begin
  -- Rows from before the index existed, or as an earlier version read them.
  delete from app.names;
  for v_table, v_id, v_part in
    values ('routing_rules', 'id', null), ('triggers', 'id', null), ('automations', 'id', null), ('sla_policies', 'id', null), ('retention_policies', 'id', null), ('views', 'id', null),
           ('macros', 'id', null), ('macro_versions', 'macro_id', 'version'), ('custom_fields', 'id', null),
           ('object_fields', 'id', null), ('ticket_form_fields', 'form_id', 'custom_field_id'), ('field_jobs', 'id', null),
           ('bulk_jobs', 'id', null)
  loop
    execute format('select app.note_names(%L, %I, %s, to_jsonb(x)) from app.%I x%s', v_table, v_id, coalesce(quote_ident(v_part), '0'), v_table,
      case v_table when 'bulk_jobs' then ' where x.status in (''queued'', ''running'')' else '' end);
    execute format(
      'create trigger tg_%1$s__700_names after insert or update %4$sor delete on app.%1$I
         for each row execute function app.tg_names__note(%2$L, %3$L)', v_table, v_id, coalesce(v_part, 'no part'),
      -- Its counters change with each batch.
      case v_table when 'bulk_jobs' then 'of status, body ' else '' end);
  end loop;
end
$$;
