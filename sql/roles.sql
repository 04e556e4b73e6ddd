-- Roles of the cluster. Idempotent; run by the migrating superuser before anything else.
--
-- autocrm_owner owns every object; row-level security is not forced on it, so the native triggers that
-- act as the owner see all rows. autocrm_api is the API's log-in and inherits nothing: it becomes one
-- of the group roles for the length of a transaction. People at a SQL prompt have log-in roles that
-- are members of exactly one group.
do $$
declare
  v_role text;
begin
  foreach v_role in array array[
    'autocrm_owner', 'autocrm_admin', 'autocrm_agent', 'autocrm_integration', 'autocrm_customer', 'autocrm_analyst'
  ]
  loop
    if not exists (select from pg_roles where rolname = v_role) then
      execute format('create role %I nologin', v_role);
    end if;
  end loop;
  if not exists (select from pg_roles where rolname = 'autocrm_api') then
    create role autocrm_api login noinherit;
  end if;
  -- Granting again what is granted only writes a notice.
  grant autocrm_admin, autocrm_agent, autocrm_integration, autocrm_customer to autocrm_api;
end
$$;
