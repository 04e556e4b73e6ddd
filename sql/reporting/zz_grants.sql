-- Data teams, and the staff whose figures these are. Views ask as their reader: a grant here widens nothing.
revoke all on schema reporting from public;
grant usage on schema reporting to autocrm_admin, autocrm_agent, autocrm_analyst;
grant select on all tables in schema reporting to autocrm_admin, autocrm_agent, autocrm_analyst;
revoke all on all functions in schema reporting from public;
grant execute on all functions in schema reporting to autocrm_admin, autocrm_agent, autocrm_analyst;
