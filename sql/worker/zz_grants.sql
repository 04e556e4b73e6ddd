-- Schema worker is the API's own: its log-in calls these functions as itself, before any caller is known or on nobody's
-- behalf. One grant for all of them, and none for any other role: a function that is added here is closed to callers.
revoke all on all functions in schema worker from public;
grant usage on schema worker to autocrm_api;
grant execute on all functions in schema worker to autocrm_api;
