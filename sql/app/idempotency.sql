-- Idempotency keys: each caller's own, written in the transaction of the request, and by requests alone. What is claimed
-- or answered there at a SQL prompt would be no request's: the privileges are those that requests need.

grant select on app.idempotency_keys to autocrm_admin, autocrm_agent, autocrm_integration;
grant insert (actor_id, key, operation, request_hash), update (response) on app.idempotency_keys to autocrm_admin, autocrm_agent, autocrm_integration;
create policy callers_keep_their_idempotency_keys on app.idempotency_keys
  for all to autocrm_admin, autocrm_agent, autocrm_integration
  using (actor_id = (select autocrm.actor_id()))
  with check (actor_id = (select autocrm.actor_id()));
create policy requests_alone_claim_keys on app.idempotency_keys
  as restrictive for insert to autocrm_admin, autocrm_agent, autocrm_integration
  with check (not (select autocrm.at_prompt()));
create policy requests_alone_store_answers on app.idempotency_keys
  as restrictive for update to autocrm_admin, autocrm_agent, autocrm_integration
  using (not (select autocrm.at_prompt()));
