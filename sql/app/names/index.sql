-- The index of names: which rows of rules, views, macros and forms name which team, status, tag … No foreign key watches
-- these names; app.names is kept from the rows themselves.

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
begin
  if tg_op = 'DELETE' then
    v_row := to_jsonb(old);
  else
    v_row := to_jsonb(new);
  end if;
  v_id := (v_row ->> tg_argv[0])::bigint;
  v_part := coalesce((v_row ->> tg_argv[1])::bigint, 0);
  if tg_op <> 'INSERT' then
    delete from app.names n where n.source = tg_table_name and n.source_id = v_id and n.part = v_part;
  end if;
  if tg_op <> 'DELETE' then
    perform app.note_names(tg_table_name, v_id, v_part, v_row);
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
    values ('routing_rules', 'id', null), ('triggers', 'id', null), ('automations', 'id', null), ('sla_policies', 'id', null), ('views', 'id', null),
           ('macros', 'id', null), ('macro_versions', 'macro_id', 'version'), ('custom_fields', 'id', null),
           ('object_fields', 'id', null), ('ticket_form_fields', 'form_id', 'custom_field_id'), ('field_jobs', 'id', null)
  loop
    execute format('select app.note_names(%L, %I, %s, to_jsonb(x)) from app.%I x', v_table, v_id, coalesce(quote_ident(v_part), '0'), v_table);
    execute format(
      'create trigger tg_%1$s__700_names after insert or update or delete on app.%1$I
         for each row execute function app.tg_names__note(%2$L, %3$L)', v_table, v_id, coalesce(v_part, 'no part'));
  end loop;
end
$$;
