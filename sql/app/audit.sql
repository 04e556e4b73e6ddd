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
