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
  -- The watchdog ends what stands too long at a prompt, as the owner.
  grant pg_read_all_stats, pg_signal_backend to autocrm_owner;
  -- Granting again what is granted only writes a notice.
  grant autocrm_admin, autocrm_agent, autocrm_integration, autocrm_customer to autocrm_api;
  -- People who came before log-ins had limits. What an administrator of the database has set stays.
  for v_role in
    select r.rolname from pg_roles r
     where r.rolcanlogin and not r.rolsuper and r.rolname <> 'autocrm_api'
       and exists (select from pg_auth_members m join pg_roles g on g.oid = m.roleid
                    where m.member = r.oid and g.rolname in ('autocrm_admin', 'autocrm_agent', 'autocrm_analyst'))
       and not exists (select from pg_db_role_setting s where s.setrole = r.oid and s.setdatabase = 0 and s.setconfig::text like '%temp_file_limit%')
  loop
    begin
      execute format('alter role %I set temp_file_limit = ''1GB''', v_role);
      execute format('alter role %I set statement_timeout = ''5min''', v_role);
      execute format('alter role %I set idle_in_transaction_session_timeout = ''1min''', v_role);
      execute format('alter role %I set work_mem = ''16MB''', v_role);
      execute format('alter role %I connection limit 5', v_role);
    exception
      -- Somebody else is at it; the next migrate comes by again.
      when undefined_object or internal_error then null;
    end;
  end loop;
end
$$;
