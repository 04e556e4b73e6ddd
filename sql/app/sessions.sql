-- Passwords and sessions. No role reads them; the functions in worker/sessions.sql act as the owner.

create trigger tg_passwords__500_audit after insert or update or delete on app.passwords
  for each row execute function autocrm.tg_audit('user_id');
create trigger tg_sessions__500_audit after insert or update or delete on app.sessions
  for each row execute function autocrm.tg_audit();

-- Backends cache whom the claims of a request stand for; these changes invalidate the entries.
create trigger tg_sessions__950_invalidate after update of user_id, expires_at, revoked_at or delete or truncate on app.sessions
  for each statement execute function autocrm.tg_invalidate('identities');
