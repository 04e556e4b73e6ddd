-- Custom objects. Types and fields are configuration (see configuration.sql), written by admins; records are written by
-- agents too, unless their type reserves them for admins, and by keys with the scope.

create trigger tg_object_fields__200_check before insert or update on app.object_fields
  for each row execute function autocrm.tg_custom_fields__check();

create trigger tg_object_records__100_stamp before insert or update on app.object_records
  for each row execute function autocrm.tg_stamp();
create trigger tg_object_records__200_prepare before insert or update on app.object_records
  for each row execute function autocrm.tg_object_records__prepare();
create trigger tg_object_records__500_audit after insert or update or delete on app.object_records
  for each row execute function autocrm.tg_audit();

grant select on app.object_records to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst, autocrm_customer;
grant delete on app.object_records to autocrm_admin, autocrm_agent, autocrm_integration;
select app._grant_columns('{insert, update}', 'object_records', 'autocrm_admin, autocrm_agent, autocrm_integration');

create policy staff_read_object_records on app.object_records
  for select to autocrm_admin, autocrm_agent, autocrm_analyst
  using ((select autocrm.actor_id()) is not null);
-- Keys that may write but not read still get the record that they wrote.
create policy keys_read_object_records on app.object_records
  for select to autocrm_integration
  using ((select autocrm.actor_has_scope('objects:read')) or (select autocrm.actor_has_scope('objects:write')));
create policy admins_write_object_records on app.object_records
  for all to autocrm_admin
  using ((select autocrm.actor_role()) = 'admin')
  with check ((select autocrm.actor_role()) = 'admin');
create policy agents_write_object_records on app.object_records
  for all to autocrm_agent
  using ((select autocrm.actor_id()) is not null and object_type_id in (select t.id from app.object_types t where not t.admins_write))
  with check ((select autocrm.actor_id()) is not null and object_type_id in (select t.id from app.object_types t where not t.admins_write));
create policy keys_write_object_records on app.object_records
  for all to autocrm_integration
  using ((select autocrm.actor_has_scope('objects:write')) and object_type_id in (select t.id from app.object_types t where not t.admins_write))
  with check ((select autocrm.actor_has_scope('objects:write')) and object_type_id in (select t.id from app.object_types t where not t.admins_write));

-- Written by the triggers of tickets alone. Visible with the ticket and the field.
grant select on app.ticket_records to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst;
create policy a_relation_is_seen_with_its_ticket_and_field on app.ticket_records
  for select to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst
  using (
    exists (select from app.tickets t where t.id = ticket_id)
    and exists (select from app.custom_fields f where f.id = custom_field_id)
  );

-- Relations name a type by its key. Definer: admins see all types, but not every field.
create function app.tg_object_types__keep()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_records bigint;
  v_fields text;
begin
  if tg_op = 'UPDATE' then
    perform autocrm.fail('TK422', 'The object type cannot be changed like this',
      'key: cannot be changed, since relation fields name the type by it; change the name', 'Nothing was saved.');
  end if;
  select string_agg(x.label, ', ' order by x.label) into v_fields
    from (select f.label from app.custom_fields f where f.type = 'relation' and f.config ->> 'target' = 'object:' || old.key
          union all
          select f.label from app.object_fields f
           where f.type = 'relation' and f.config ->> 'target' = 'object:' || old.key and f.object_type_id <> old.id) x;
  if v_fields is not null then
    perform autocrm.fail('TK409', format('Relation fields point to %s: %s', old.plural_name, v_fields), null,
      'Remove those fields first, or retire the type with active = false.');
  end if;
  select count(*) into v_records from app.object_records r where r.object_type_id = old.id;
  if v_records > 0 then
    perform autocrm.fail('TK409', format('There are %s %s', v_records, old.plural_name), null,
      'Remove them first, or retire the type with active = false: they stay, and no new ones are made.');
  end if;
  return old;
end
$$;
create trigger tg_object_types__300_keep before delete on app.object_types
  for each row execute function app.tg_object_types__keep();
create trigger tg_object_types__310_keep before update on app.object_types
  for each row when (old.key <> new.key) execute function app.tg_object_types__keep();

-- Records hold values by key, as tickets do. Definer: records that the caller does not see count too.
create function app.tg_object_fields__keep_values()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_records bigint;
begin
  if tg_op = 'UPDATE' then
    perform autocrm.fail('TK422', 'The field cannot be changed like this', case
      when old.key <> new.key then 'key: cannot be changed, since records hold their values by it; change the label'
      else 'object_type_id: cannot be changed; add the field to the other type' end, 'Nothing was saved.');
  end if;
  -- Removed with its type.
  if exists (select from app.object_types t where t.id = old.object_type_id) then
    select count(*) into v_records from app.object_records r where r.object_type_id = old.object_type_id and r.custom ? old.key;
    if v_records > 0 then
      perform autocrm.fail('TK409', format('The field %s has a value on %s records', old.key, v_records), null,
        'Retire it with active = false instead: it is asked for no more, and its values stay.');
    end if;
  end if;
  return old;
end
$$;
create trigger tg_object_fields__300_keep_values before delete on app.object_fields
  for each row execute function app.tg_object_fields__keep_values();
create trigger tg_object_fields__310_keep_values before update on app.object_fields
  for each row when (old.key <> new.key or old.object_type_id <> new.object_type_id)
  execute function app.tg_object_fields__keep_values();

-- The target type of a relation never changes: ids of one type mean nothing in another.
create function app.tg_fields__keep_target()
  returns trigger
  language plpgsql immutable
  set search_path = ''
as $$
begin
  perform autocrm.fail('TK422', format('The field %s cannot be changed like this', old.key), case
    when old.type <> new.type then 'type: a relation stays one, and no other field becomes one'
    else 'config.target: cannot be changed' end, 'Make a new field instead, and retire this one with active = false.');
end
$$;
create trigger tg_custom_fields__320_keep_target before update on app.custom_fields
  for each row when ((old.type = 'relation' or new.type = 'relation')
                     and (old.type <> new.type or old.config ->> 'target' is distinct from new.config ->> 'target'))
  execute function app.tg_fields__keep_target();
create trigger tg_object_fields__320_keep_target before update on app.object_fields
  for each row when ((old.type = 'relation' or new.type = 'relation')
                     and (old.type <> new.type or old.config ->> 'target' is distinct from new.config ->> 'target'))
  execute function app.tg_fields__keep_target();

-- Removes the ids p_gone of one type from the relations of records.
create function app._empty_record_relations(p_target text, p_gone bigint[])
  returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_field record;
  v_id bigint;
begin
  for v_field in
    select f.object_type_id, f.key from app.object_fields f where f.type = 'relation' and f.config ->> 'target' = p_target
  loop
    foreach v_id in array p_gone
    loop
      update app.object_records r set custom = r.custom - v_field.key
       where r.object_type_id = v_field.object_type_id and r.custom @> jsonb_build_object(v_field.key, v_id);
    end loop;
  end loop;
end
$$;

-- Removing a record empties the relations that point to it, like a foreign key with on delete set null, and history records
-- it. BEFORE, when its row is already locked: a concurrent writer of such a relation has committed, or finds it gone.
-- Definer: removing a record does not need access to the tickets.
create function app.tg_object_records__empty_relations()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  update app.tickets t set custom = t.custom || g.nothing
    from (select l.ticket_id, jsonb_object_agg(f.key, null) as nothing
            from app.ticket_records l join app.custom_fields f on f.id = l.custom_field_id
           where l.record_id = old.id group by l.ticket_id) g
   where t.id = g.ticket_id;
  perform app._empty_record_relations((select 'object:' || t.key from app.object_types t where t.id = old.object_type_id), array[old.id]);
  return old;
end
$$;
create trigger tg_object_records__300_empty_relations before delete on app.object_records
  for each row execute function app.tg_object_records__empty_relations();

-- The same for users, organizations and tickets. Definer: removing them does not need access to the records.
create function app.tg_records__empty_relations()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  if not autocrm.archives() and exists (select from app.object_fields f where f.type = 'relation' and f.config ->> 'target' = tg_argv[0]) then
    perform app._empty_record_relations(tg_argv[0], array(select g.id from gone g));
  end if;
  return null;
end
$$;
create trigger tg_users__710_records after delete on app.users
  referencing old table as gone for each statement execute function app.tg_records__empty_relations('user');
create trigger tg_organizations__710_records after delete on app.organizations
  referencing old table as gone for each statement execute function app.tg_records__empty_relations('organization');
create trigger tg_tickets__710_records after delete on app.tickets
  referencing old table as gone for each statement execute function app.tg_records__empty_relations('ticket');
