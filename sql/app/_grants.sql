-- What the roles may touch at all; the policies beside each table say which rows.
revoke all on schema app from public;
grant usage on schema app to
  autocrm_admin, autocrm_agent, autocrm_integration, autocrm_customer, autocrm_analyst, autocrm_api;

-- Functions of schema app are for triggers and policies: nobody calls what is not granted below.
revoke all on all functions in schema app from public;
alter default privileges for role autocrm_owner revoke execute on functions from public;
