-- Secrets and log-ins: passwords, sessions, log-in attempts, API keys, idempotency keys.
-- No role reads them directly; the functions in sql/api/sessions.sql and api_keys.sql act as the owner.
create trigger tg_passwords__500_audit after insert or update or delete on app.passwords
  for each row execute function autocrm.tg_audit('user_id');
create trigger tg_sessions__500_audit after insert or update or delete on app.sessions
  for each row execute function autocrm.tg_audit();
-- Last use is noted once a minute and is no change of the key.
create trigger tg_api_keys__100_stamp
  before insert or update of name, prefix, hash, user_id, scopes, team_ids, rate_limit, expires_at, revoked_at on app.api_keys
  for each row execute function autocrm.tg_stamp();
create trigger tg_api_keys__500_audit
  after insert or delete or update of name, prefix, hash, user_id, scopes, team_ids, rate_limit, expires_at, revoked_at on app.api_keys
  for each row execute function autocrm.tg_audit();

-- Everything but the hash.
grant select (id, name, prefix, user_id, scopes, team_ids, created_by, created_at, expires_at, last_used_at,
              rate_limit, revoked_at, version, updated_at)
  on app.api_keys to autocrm_admin;
create policy admins_read_api_keys on app.api_keys
  for select to autocrm_admin
  using ((select autocrm.actor_role()) = 'admin');

-- One's own retries, within the transaction of the request.
grant select on app.idempotency_keys to autocrm_admin, autocrm_agent, autocrm_integration;
grant insert (actor_id, key, operation, request_hash), update (response) on app.idempotency_keys to autocrm_admin, autocrm_agent, autocrm_integration;
create policy callers_keep_their_idempotency_keys on app.idempotency_keys
  for all to autocrm_admin, autocrm_agent, autocrm_integration
  using (actor_id = (select autocrm.actor_id()))
  with check (actor_id = (select autocrm.actor_id()));
