-- Which rows name which: teams, statuses, tags … in conditions, actions, templates and columns. Triggers keep it from the
-- rows themselves; it is what is looked up when something is renamed, merged, retired or removed.
create table app.names (
  -- The table and the row that names; part: the version of a macro, the field of a form.
  source text not null,
  source_id bigint not null,
  part bigint not null default 0,
  -- team, status, priority, form, tag, organization, schedule, skill, email, user (by id), field (by key), option
  -- (key=value); object_field and object_option with "<id of the type>." in front.
  kind text not null,
  -- In lower case.
  name text not null,
  -- Whether an action gives it to tickets, and fails without it.
  sets boolean not null,
  primary key (source, source_id, part, kind, name, sets)
);
create index names_name_idx on app.names (kind, name);
alter table app.names enable row level security;

-- Whose a version was: what was private or a team's stays so when the macro is shared.
alter table app.macro_versions
  add column owner_id bigint references app.users (id) on delete cascade,
  add column team_id bigint references app.teams (id) on delete cascade;
create index macro_versions_owner_idx on app.macro_versions (owner_id) where owner_id is not null;
create index macro_versions_team_idx on app.macro_versions (team_id) where team_id is not null;
-- As history says; of a macro that never changed hands it is the macro's own.
update app.macro_versions v
   set (owner_id, team_id) = (
     select u.id, t.id
       from (select coalesce(
                      (select a.changes #> '{owner_id,0}' from app.audit_log a
                        where a.table_name = 'macros' and a.row_key = v.macro_id::text and a.action = 'update'
                          and a.changes ? 'owner_id' and a.at > v.changed_at order by a.at limit 1),
                      to_jsonb(m.owner_id)) as owner,
                    coalesce(
                      (select a.changes #> '{team_id,0}' from app.audit_log a
                        where a.table_name = 'macros' and a.row_key = v.macro_id::text and a.action = 'update'
                          and a.changes ? 'team_id' and a.at > v.changed_at order by a.at limit 1),
                      to_jsonb(m.team_id)) as team
               from app.macros m where m.id = v.macro_id) x
       left join app.users u on to_jsonb(u.id) = x.owner
       left join app.teams t on to_jsonb(t.id) = x.team);

-- Dates and points in time have one form from now on: what was written otherwise is brought to it. Nobody changed
-- anything, so no history tells of it. What is no date any more stays as it is.
create function app.moment_v27(p_type text, p_value jsonb) returns jsonb language plpgsql as $$
declare
  v_at timestamp;
begin
  if jsonb_typeof(p_value) is distinct from 'string' then
    return p_value;
  elsif p_type = 'date' then
    return to_jsonb(to_char((p_value #>> '{}')::date, 'YYYY-MM-DD'));
  end if;
  v_at := (p_value #>> '{}')::timestamptz at time zone 'UTC';
  return to_jsonb(to_char(v_at, 'YYYY-MM-DD"T"HH24:MI:SS')
    || case when extract(microseconds from v_at)::bigint % 1000000 = 0 then '' else to_char(v_at, '.US') end || 'Z');
exception when others then
  return p_value;
end
$$;
do $$
declare
  v_key text;
  v_type text;
  v_kind bigint;
begin
  -- Index entries of these fields were in the order of texts; maintenance makes the indexes anew.
  for v_key in
    select c.relname from pg_index i join pg_class c on c.oid = i.indexrelid
      join app.custom_fields f on c.relname = format('tickets_field_%s_value_idx', f.id) and f.type in ('date', 'datetime')
     where i.indrelid = 'app.tickets'::regclass
  loop
    execute format('drop index app.%I', v_key);
  end loop;
  alter table app.tickets disable trigger user;
  alter table app.ticket_field_values disable trigger user;
  alter table app.object_records disable trigger user;
  for v_key, v_type in select key, type::text from app.custom_fields where type in ('date', 'datetime')
  loop
    update app.tickets set custom = jsonb_set(custom, array[v_key], app.moment_v27(v_type, custom -> v_key))
     where custom ? v_key and custom -> v_key <> app.moment_v27(v_type, custom -> v_key);
    update app.ticket_field_values set value = app.moment_v27(v_type, value)
     where field_key = v_key and value <> app.moment_v27(v_type, value);
  end loop;
  for v_kind, v_key, v_type in select object_type_id, key, type::text from app.object_fields where type in ('date', 'datetime')
  loop
    update app.object_records set custom = jsonb_set(custom, array[v_key], app.moment_v27(v_type, custom -> v_key))
     where object_type_id = v_kind and custom ? v_key and custom -> v_key <> app.moment_v27(v_type, custom -> v_key);
  end loop;
  alter table app.tickets enable trigger user;
  alter table app.ticket_field_values enable trigger user;
  alter table app.object_records enable trigger user;
end
$$;
drop function app.moment_v27(text, jsonb);
