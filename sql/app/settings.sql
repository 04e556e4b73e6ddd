-- Settings of the desk.

create trigger tg_settings__100_stamp before insert or update on app.settings
  for each row execute function autocrm.tg_stamp();
create trigger tg_settings__500_audit after insert or update or delete on app.settings
  for each row execute function autocrm.tg_audit('singleton');
grant select on app.settings to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst;
select app._grant_columns('{update}', 'settings', 'autocrm_admin', '{singleton}');
create policy everyone_at_the_desk_reads_settings on app.settings
  for select to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst
  using ((select autocrm.actor_id()) is not null and (select app.has_some_scope()));
create policy admins_change_settings on app.settings
  for update to autocrm_admin
  using ((select autocrm.actor_role()) = 'admin');
