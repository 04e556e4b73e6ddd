-- Idempotency keys: each caller's own, written in the transaction of the request.

grant select on app.idempotency_keys to autocrm_admin, autocrm_agent, autocrm_integration;
grant insert (actor_id, key, operation, request_hash), update (response) on app.idempotency_keys to autocrm_admin, autocrm_agent, autocrm_integration;
create policy callers_keep_their_idempotency_keys on app.idempotency_keys
  for all to autocrm_admin, autocrm_agent, autocrm_integration
  using (actor_id = (select autocrm.actor_id()))
  with check (actor_id = (select autocrm.actor_id()));
