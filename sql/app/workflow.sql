-- Settings of the workflow.

create trigger tg_workflow__100_stamp before insert or update on app.workflow
  for each row execute function autocrm.tg_stamp();
create trigger tg_workflow__500_audit after insert or update or delete on app.workflow
  for each row execute function autocrm.tg_audit();
grant select on app.workflow to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst;
select app._grant_columns('{update}', 'workflow', 'autocrm_admin');
create policy everyone_at_the_desk_reads_workflow on app.workflow
  for select to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst
  using ((select autocrm.actor_id()) is not null and (select app.has_some_scope()));
create policy admins_change_workflow on app.workflow
  for update to autocrm_admin
  using ((select autocrm.actor_role()) = 'admin');
