-- Organizations of requesters.

create trigger tg_organizations__100_stamp before insert or update on app.organizations
  for each row execute function autocrm.tg_stamp();
create trigger tg_organizations__500_audit after insert or update or delete on app.organizations
  for each row execute function autocrm.tg_audit();

grant select on app.organizations to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst, autocrm_customer;
select app._grant_columns('{insert, update}', 'organizations', 'autocrm_admin, autocrm_agent, autocrm_integration');
grant delete on app.organizations to autocrm_admin;

create policy staff_read_organizations on app.organizations
  for select to autocrm_admin, autocrm_agent, autocrm_analyst
  using ((select autocrm.actor_id()) is not null);
create policy customers_read_their_organization on app.organizations
  for select to autocrm_customer
  using (id = (select u.organization_id from app.users u where u.id = (select autocrm.actor_id())));
create policy keys_read_organizations on app.organizations
  for select to autocrm_integration
  using ((select autocrm.actor_has_scope('users:read')));
create policy staff_add_organizations on app.organizations
  for insert to autocrm_admin, autocrm_agent
  with check ((select autocrm.actor_id()) is not null);
create policy keys_add_organizations on app.organizations
  for insert to autocrm_integration
  -- A conflict reveals another organization, so the scope to read is needed too.
  with check ((select autocrm.actor_has_scope('users:write')) and (select autocrm.actor_has_scope('users:read')));
create policy staff_change_organizations on app.organizations
  for update to autocrm_admin, autocrm_agent
  using ((select autocrm.actor_id()) is not null);
create policy keys_change_organizations on app.organizations
  for update to autocrm_integration
  using ((select autocrm.actor_has_scope('users:write')));
create policy admins_remove_organizations on app.organizations
  for delete to autocrm_admin
  using ((select autocrm.actor_role()) = 'admin');
