-- API keys. Their hash is readable by no role; the functions in api/api_keys.sql and worker/api_keys.sql act as the owner.

-- Noting the last use is no change of the key: neither a version nor an audit row.
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

-- As for sessions.
create trigger tg_api_keys__950_invalidate after update of user_id, hash, scopes, team_ids, expires_at, revoked_at or delete or truncate on app.api_keys
  for each statement execute function autocrm.tg_invalidate('identities');
