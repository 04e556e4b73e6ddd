-- Renames and removals of what rules, views, macros and forms name. A new name is written wherever the old one stood, in
-- the same transaction; what would leave a name without a bearer is refused, with the list of where it stands.

-- Whether this transaction sees all that names something by now. One that reads an older snapshot throughout would leave
-- behind what has named it since: it fails, and is to be tried again.
create function app.sees_all_naming(p_kind text, p_name text)
  returns boolean
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
as $$
begin
  if current_setting('transaction_isolation') in ('repeatable read', 'serializable')
     and (select count(*) from app.names n where n.kind = p_kind and n.name = lower(p_name)) <> autocrm.names_by_now(p_kind, p_name) then
    raise exception using errcode = '40001', message = format('could not serialize access: something has begun to name the %s %s', p_kind, p_name),
      hint = 'Try again in another transaction.';
  end if;
  return true;
end
$$;

-- Writes the new name wherever the old one stands, in disabled rows and earlier versions of macros too. Each row is audited
-- and gets its next version. Rows are locked in the order of table names and ids.
create function app.follow_name(p_kind text, p_from text, p_to text)
  returns void
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_source text;
  v_ids bigint[];
  v_columns text[];
  v_key text[];
begin
  perform app.sees_all_naming(p_kind, p_from);
  for v_source, v_ids in
    select n.source, array_agg(distinct n.source_id order by n.source_id) from app.names n
     where n.kind = p_kind and n.name = lower(p_from) group by n.source order by n.source
  loop
    v_columns := case
      when v_source in ('routing_rules', 'triggers', 'automations') then array['conditions', 'actions']
      when v_source = 'sla_policies' then array['conditions', 'targets']
      when v_source in ('views', 'field_jobs', 'retention_policies') then array['conditions']
      when v_source in ('macros', 'macro_versions') then array['actions', 'body_text', 'body_html']
      when v_source = 'bulk_jobs' then array['body']
      else array['visible_when'] end;
    v_key := case v_source when 'macro_versions' then array['macro_id', 'version'] when 'ticket_form_fields' then array['form_id', 'custom_field_id']
                           else array['id', 'id'] end;
    execute format(
      'with found as materialized (
         select x.%2$I as id, x.%5$I as part, to_jsonb(x) as was, autocrm.rename_in(to_jsonb(x), $1, $2, $3) as became
           from app.%1$I x where x.%2$I = any ($4) order by x.%2$I, x.%5$I for update
       )
       update app.%1$I r set (%3$s) = (select %4$s)
         from found f
        where r.%2$I = f.id and r.%5$I = f.part and f.was <> f.became',
      v_source,
      v_key[1],
      (select string_agg(quote_ident(c), ', ') from unnest(v_columns) c),
      (select string_agg(case when c like 'body\_%' then format('f.became ->> %L', c) else format('nullif(f.became -> %L, ''null'')', c) end, ', ')
         from unnest(v_columns) c),
      v_key[2])
      using p_kind, p_from, p_to, v_ids;
  end loop;
end
$$;

-- The rows that use a name, described for people. p_acting: only rows in use that would fail without it. Rows that are
-- removed together with the team or owner are left out, and so are earlier versions of macros. p_private: with views and
-- macros of one person.
create function app.named_by(p_kind text, p_name text, p_acting boolean default false, p_team bigint default null, p_owner bigint default null,
                             p_private boolean default true)
  returns text[]
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
as $$
  select case when app.sees_all_naming(p_kind, p_name) then coalesce(array_agg(distinct x.who order by x.who), '{}') end
    from app.names n
   cross join lateral (
     select 'the routing rule ' || r.name as who from app.routing_rules r
      where n.source = 'routing_rules' and r.id = n.source_id and (not p_acting or n.sets and r.enabled)
     union all
     select 'the trigger ' || r.name from app.triggers r
      where n.source = 'triggers' and r.id = n.source_id and (not p_acting or n.sets and r.enabled)
     union all
     select 'the automation ' || r.name from app.automations r
      where n.source = 'automations' and r.id = n.source_id and (not p_acting or n.sets and r.enabled)
     union all
     select 'the SLA policy ' || r.name from app.sla_policies r
      where n.source = 'sla_policies' and r.id = n.source_id and not p_acting
     union all
     select 'the retention policy ' || r.name from app.retention_policies r
      where n.source = 'retention_policies' and r.id = n.source_id and not p_acting
     union all
     select case v.visibility when 'private' then 'a private view' else 'the view ' || v.name end from app.views v
      where n.source = 'views' and v.id = n.source_id and not p_acting and (p_private or v.visibility <> 'private')
        and v.team_id is distinct from coalesce(p_team, 0) and v.owner_id is distinct from coalesce(p_owner, 0)
     union all
     select case m.scope when 'private' then 'a private macro' else 'the macro ' || m.name end from app.macros m
      where n.source = 'macros' and m.id = n.source_id and (p_private or m.scope <> 'private') and (not p_acting or n.sets and m.active and m.scope <> 'private')
        and m.team_id is distinct from coalesce(p_team, 0) and m.owner_id is distinct from coalesce(p_owner, 0)
     union all
     select 'the custom field ' || f.label from app.custom_fields f
      where n.source = 'custom_fields' and f.id = n.source_id and (not p_acting or f.active)
     union all
     select 'the field ' || f.label from app.object_fields f
      where n.source = 'object_fields' and f.id = n.source_id and (not p_acting or f.active)
     union all
     select 'the form ' || f.name from app.ticket_forms f
      where n.source = 'ticket_form_fields' and f.id = n.source_id and (not p_acting or f.active)
     union all
     select 'a back-fill under way' from app.field_jobs j
      where n.source = 'field_jobs' and j.id = n.source_id and not p_acting and j.status in ('queued', 'running')) x
   where n.kind = any (case p_kind when 'field' then array['field', 'column'] else array[p_kind] end) and n.name = lower(p_name)
$$;

create function app.refuse_named(p_what text, p_by text[], p_hint text)
  returns void
  language plpgsql immutable
  set search_path = ''
as $$
begin
  if p_by <> '{}' then
    perform autocrm.fail('TK409', format('%s is named by %s', p_what, array_to_string(p_by[1:20], ', ')
      || case when cardinality(p_by) > 20 then format(' and %s more', cardinality(p_by) - 20) else '' end), null, p_hint);
  end if;
end
$$;

-- Arguments: the kind, and the column of the name. Definer: others' private views and macros follow too.
create function app.tg_named__renamed()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform app.follow_name(tg_argv[0], to_jsonb(old) ->> tg_argv[1], to_jsonb(new) ->> tg_argv[1]);
  return null;
end
$$;

-- Arguments: the kind, the column of the name, its noun, and a hint. Definer: rows that the caller does not see count too,
-- but are not named to them.
create function app.tg_named__kept()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_name text := to_jsonb(old) ->> tg_argv[1];
begin
  perform app.refuse_named(format('%s %s', tg_argv[2], v_name),
    app.named_by(tg_argv[0], v_name, tg_op = 'UPDATE',
      case tg_table_name when 'teams' then old.id end, case tg_table_name when 'users' then old.id end), tg_argv[3]);
  if tg_table_name = 'users' and tg_op = 'DELETE' then
    perform app.refuse_named(format('%s %s', tg_argv[2], coalesce(v_name, old.id::text)),
      app.named_by('user', old.id::text, false, null, old.id), tg_argv[3]);
  end if;
  return case tg_op when 'DELETE' then old else new end;
end
$$;

do $$
declare
  v_table text;
  v_kind text;
  v_column text;
  v_what text;
  v_retired boolean;
  v_hint text;
begin
  for v_table, v_kind, v_column, v_what, v_retired, v_hint in
    values
      ('teams', 'team', 'name', 'The team', true, 'Change what names it first.'),
      ('statuses', 'status', 'key', 'The status', true, 'Change what names it first.'),
      ('priorities', 'priority', 'key', 'The priority', true, 'Change what names it first.'),
      ('ticket_forms', 'form', 'name', 'The form', true, 'Change what names it first.'),
      ('tags', 'tag', 'name', 'The tag', false, 'Merge it into another tag instead, or change what names it first.'),
      ('organizations', 'organization', 'name', 'The organization', false, 'Change what names it first.'),
      ('schedules', 'schedule', 'name', 'The schedule', false, 'Change what names it first.'),
      ('skills', 'skill', 'name', 'The skill', false, 'Change what names it first.'),
      ('users', 'email', 'email', 'The user', true, 'Change what names them first.'),
      ('custom_fields', 'field', 'key', 'The custom field', true, 'Change what names it first.')
  loop
    execute format(
      'create trigger tg_%1$s__310_named before delete on app.%1$I
         for each row execute function app.tg_named__kept(%2$L, %3$L, %4$L, %5$L)', v_table, v_kind, v_column, v_what, v_hint);
    if v_retired then
      execute format(
        'create trigger tg_%1$s__311_named before update on app.%1$I
           for each row when (old.active and not new.active)
           execute function app.tg_named__kept(%2$L, %3$L, %4$L, %5$L)', v_table, v_kind, v_column, v_what, v_hint);
    end if;
    -- A field's key stays as it is.
    if v_kind <> 'field' then
      execute format(
        'create trigger tg_%1$s__600_renamed after update on app.%1$I
           for each row when (old.%3$I <> new.%3$I) execute function app.tg_named__renamed(%2$L, %3$L)', v_table, v_kind, v_column);
    end if;
  end loop;
end
$$;
-- A user without an address can no longer be found by it.
create trigger tg_users__312_named before update on app.users
  for each row when (old.email is not null and new.email is null)
  execute function app.tg_named__kept('email', 'email', 'The user', 'Change what names them first.');

-- Fields of objects are named within their type, and removed with it.
create function app.tg_object_fields__named()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  if exists (select from app.object_types t where t.id = old.object_type_id) then
    perform app.refuse_named(format('The field %s', old.key),
      app.named_by('object_field', old.object_type_id || '.' || old.key, tg_op = 'UPDATE'), 'Change what names it first.');
  end if;
  return case tg_op when 'DELETE' then old else new end;
end
$$;
create trigger tg_object_fields__310_named before delete on app.object_fields
  for each row execute function app.tg_object_fields__named();
create trigger tg_object_fields__311_named before update on app.object_fields
  for each row when (old.active and not new.active) execute function app.tg_object_fields__named();

-- The options of a dropdown or multi-select, by value.
create function app.options_of(p_config jsonb)
  returns setof text
  language sql immutable
  set search_path = ''
as $$
  select coalesce(o ->> 'value', o #>> '{}')
    from jsonb_array_elements(case jsonb_typeof(p_config -> 'options') when 'array' then p_config -> 'options' else '[]' end) o
$$;

create function app.tg_fields__options_named()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_prefix text := case tg_table_name when 'object_fields' then to_jsonb(old) ->> 'object_type_id' || '.' else '' end || old.key || '=';
  v_kind text := case tg_table_name when 'object_fields' then 'object_option' else 'option' end;
  v_option text;
begin
  for v_option in
    select o from app.options_of(old.config) o where o <> all (array(select app.options_of(new.config)))
  loop
    perform app.refuse_named(format('The option %s of %s', v_option, old.label), app.named_by(v_kind, v_prefix || v_option),
      'Change the label of the option instead, or change what names it first.');
  end loop;
  return new;
end
$$;
create trigger tg_custom_fields__313_options before update on app.custom_fields
  for each row when (old.config <> new.config and new.type in ('dropdown', 'multiselect'))
  execute function app.tg_fields__options_named();
create trigger tg_object_fields__313_options before update on app.object_fields
  for each row when (old.config <> new.config and new.type in ('dropdown', 'multiselect'))
  execute function app.tg_fields__options_named();

-- Actions that set a relation to a removed row would fail for every ticket.
create function app.tg_related__named()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_target text := case tg_argv[0] when 'object' then (select 'object:' || t.key from app.object_types t where t.id = (to_jsonb(old) ->> 'object_type_id')::bigint)
                                   else tg_argv[0] end;
  v_key text;
begin
  for v_key in select f.key from app.custom_fields f where f.type = 'relation' and f.config ->> 'target' = v_target
  loop
    perform app.refuse_named(format('The %s %s', split_part(v_target, ':', 1), old.id), app.named_by('option', v_key || '=' || old.id, true),
      'Change what names it first.');
  end loop;
  return old;
end
$$;
create trigger tg_users__320_related before delete on app.users
  for each row execute function app.tg_related__named('user');
create trigger tg_organizations__320_related before delete on app.organizations
  for each row execute function app.tg_related__named('organization');
create trigger tg_object_records__290_related before delete on app.object_records
  for each row execute function app.tg_related__named('object');

-- Redirects relations from one row to another: on tickets, in records, and in rules. Each change is audited. A relation
-- that would point to its own row is emptied.
create function app.follow_relations(p_target text, p_from bigint, p_to bigint)
  returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_field record;
begin
  for v_field in select f.key from app.custom_fields f where f.type = 'relation' and f.config ->> 'target' = p_target order by f.key
  loop
    update app.tickets t
       set custom = t.custom || jsonb_build_object(v_field.key, case when p_target = 'ticket' and t.id = p_to then null else p_to end)
     where t.custom -> v_field.key = to_jsonb(p_from)
        or t.id in (select v.ticket_id from app.ticket_field_values v where v.field_key = v_field.key and v.value = to_jsonb(p_from));
    perform app.follow_name('option', v_field.key || '=' || p_from, v_field.key || '=' || p_to);
  end loop;
  for v_field in select f.object_type_id, f.key from app.object_fields f where f.type = 'relation' and f.config ->> 'target' = p_target order by f.id
  loop
    update app.object_records r set custom = r.custom || jsonb_build_object(v_field.key, p_to)
     where r.object_type_id = v_field.object_type_id and r.custom @> jsonb_build_object(v_field.key, p_from);
  end loop;
end
$$;
