-- Organizations of requesters.

create trigger tg_organizations__100_stamp before insert or update on app.organizations
  for each row execute function autocrm.tg_stamp();
-- Customers belong to an organization by what follows the @ of their address. The problem of the first entry that can
-- follow none; NULL without one.
create function app.domains_problem(p_domains text[])
  returns text
  language sql immutable parallel safe
  set search_path = ''
as $$
  select format('must be domains of e-mail addresses such as example.com; entry %s is none', d.n)
    from unnest(p_domains) with ordinality d (name, n)
   where d.name !~ '^[^\s@*,;:/\\.]+([.][^\s@*,;:/\\.]+)*$' or length(d.name) > 253 or app.name_problem(d.name) is not null
   order by d.n
   limit 1
$$;
grant execute on function app.domains_problem(text[]) to autocrm_admin, autocrm_agent, autocrm_integration;

create function app.tg_organizations__domains()
  returns trigger
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_problem text;
begin
  if tg_op = 'UPDATE' then
    if new.domains = old.domains then
      return new;
    end if;
  end if;
  v_problem := app.domains_problem(new.domains);
  if v_problem is not null then
    perform autocrm.fail('TK422', 'This organization cannot be saved like this', 'domains: ' || v_problem,
      'Correct the list; nothing was saved.');
  end if;
  return new;
end
$$;
create trigger tg_organizations__150_domains before insert or update of domains on app.organizations
  for each row when (new.domains <> '{}') execute function app.tg_organizations__domains();
create trigger tg_organizations__500_audit after insert or update or delete on app.organizations
  for each row execute function autocrm.tg_audit();

grant select on app.organizations to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst, autocrm_customer;
select app._grant_columns('{insert, update}', 'organizations', 'autocrm_admin');
-- Business hours decide about targets, which are the admins'.
select app._grant_columns('{insert, update}', 'organizations', 'autocrm_agent, autocrm_integration', '{schedule_id}');
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
