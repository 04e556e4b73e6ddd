-- The progress of imports, so that they resume after an interruption.

create trigger tg_imports__500_audit after insert or delete on app.imports
  for each row execute function autocrm.tg_audit();

grant select, insert, update on app.imports to autocrm_admin;
create policy admins_run_imports on app.imports
  for all to autocrm_admin
  using ((select autocrm.actor_role()) = 'admin')
  with check ((select autocrm.actor_role()) = 'admin');
