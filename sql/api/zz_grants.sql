-- Grants on schema api. Applied last, when every function exists. Which rows a call reaches is up to the policies.
drop function api._define_resource;
revoke all on all functions in schema api from public;
grant usage on schema api to
  autocrm_admin, autocrm_agent, autocrm_integration, autocrm_customer, autocrm_analyst, autocrm_api;
grant select on all tables in schema api to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst;
grant execute on all functions in schema api to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_customer;

-- What the views that analysts read call.
grant execute on function api._skill_names(jsonb) to autocrm_analyst;

-- Called in the statement that sets the caller's identity, so privileges are checked for the log-in itself.
grant execute on function api._need_any_scope() to autocrm_api;

-- Only administrators import tickets with a past.
revoke execute on function
  api._import_cells(jsonb, boolean), api._need_importer(), api._import_ticket(jsonb), api._import_links(jsonb)
  from autocrm_agent, autocrm_integration, autocrm_customer;

-- For definers alone: it tells whose address is known.
revoke execute on function api._user_by_email(text) from autocrm_admin, autocrm_agent, autocrm_integration, autocrm_customer;
-- For definers alone: they decide who sees the ticket.
revoke execute on function api._archived_link(app.archived_links, bigint) from autocrm_admin, autocrm_agent, autocrm_integration, autocrm_customer;
