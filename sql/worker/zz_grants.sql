-- Schema worker is the API's own: its log-in calls these functions as itself, before a caller is known or on behalf of
-- none. They are definers, since they act with the owner's rights. One grant covers all of them and no other role has any,
-- so that a new function is closed to callers by default.
revoke all on all functions in schema worker from public;
grant usage on schema worker to autocrm_api;
grant execute on all functions in schema worker to autocrm_api;
