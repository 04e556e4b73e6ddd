-- The audit log and its seals. Like all history (events, routing decisions) they are written by the native triggers as
-- the owner and append-only for everyone.

do $$
declare
  v_table text;
begin
  foreach v_table in array array['events', 'audit_log', 'audit_seals', 'routing_decisions']
  loop
    execute format(
      'create trigger tg_%1$s__100_append_only before update or delete on app.%1$I
         for each row execute function autocrm.tg_append_only()', v_table);
    execute format(
      'create trigger tg_%1$s__110_no_truncate before truncate on app.%1$I
         for each statement execute function autocrm.tg_append_only()', v_table);
  end loop;
end
$$;

grant select on app.audit_log, app.audit_seals to autocrm_admin;
create policy admins_read_the_audit on app.audit_log
  for select to autocrm_admin
  using ((select autocrm.actor_role()) = 'admin');
create policy admins_read_the_seals on app.audit_seals
  for select to autocrm_admin
  using ((select autocrm.actor_role()) = 'admin');

-- Reading all of a table at once is in the audit log, as its changes are. For commands, whose log-in is the database's own.
create function app.note_read(p_table name, p_what jsonb)
  returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
begin
  insert into app.audit_log (at, actor_id, door, action, table_name, changes)
  values (autocrm.now(), autocrm.actor_id(), 'operator', 'read', p_table,
          (select jsonb_object_agg(e.key, jsonb_build_array(null, e.value)) from jsonb_each(p_what) e));
end
$$;
comment on function app.note_read(name, jsonb) is
  'Records that a whole table was read, and how. Example: select app.note_read(''tickets'', ''{"export": "csv"}'')';
