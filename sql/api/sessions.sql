-- One's own log-ins, and one's own password. The API verifies the current password and hashes the new one: both are slow
-- by design, and would block a database connection.

-- Definer: no role reads sessions. Those in which bulk jobs run end by themselves.
create function api._own_sessions()
  returns table (id uuid, user_agent text, created_at timestamptz, refreshed_at timestamptz, expires_at timestamptz)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
as $$
  select s.id, s.user_agent, s.created_at, s.refreshed_at, s.expires_at from app.sessions s
   where s.user_id = autocrm.actor_id() and autocrm.actor_api_key_id() is null
     and s.revoked_at is null and s.expires_at > autocrm.now() and s.user_agent <> 'bulk job'
$$;

-- The session of this request.
create function api._session()
  returns uuid
  language sql stable
  set search_path = ''
as $$
  select (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sid')::uuid
$$;

create function api._need_person()
  returns void
  language plpgsql stable
  set search_path = ''
as $$
begin
  if autocrm.actor_id() is null then
    raise exception using errcode = 'TK401', message = 'Nobody is signed in', hint = 'Log in.';
  elsif autocrm.actor_api_key_id() is not null then
    raise exception using errcode = 'TK403', message = 'An API key has no log-in of its own', hint = 'Log in as a person.';
  end if;
end
$$;

-- Definer: no role reads sessions.
create function api.list_sessions()
  returns json
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform api._need_person();
  return json_build_object('items', coalesce((
    select json_agg(json_build_object('id', s.id, 'user_agent', s.user_agent, 'created_at', s.created_at,
                      'last_used_at', s.refreshed_at, 'expires_at', s.expires_at, 'current', s.id is not distinct from api._session())
                    order by s.id is not distinct from api._session() desc, s.refreshed_at desc)
      from api._own_sessions() s), '[]'));
end
$$;
comment on function api.list_sessions() is
  'The caller''s log-ins that have not ended, their own first: {items: [{id, user_agent, created_at, last_used_at, expires_at, current}]}. last_used_at is exact to some minutes. TK401, TK403 for keys. Example: select api.list_sessions()';

-- Definer: no role writes sessions.
create function api.end_session(p_id uuid)
  returns json
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform api._need_person();
  update app.sessions set revoked_at = autocrm.now() where id in (select s.id from api._own_sessions() s where s.id = p_id);
  if not found then
    raise exception using errcode = 'TK404', message = 'You have no such session', hint = 'It may have ended meanwhile.';
  end if;
  return json_build_object('ended', 1);
end
$$;
comment on function api.end_session(uuid) is
  'Ends one of the caller''s log-ins: {ended: 1}. TK401, TK403 for keys, TK404. Example: select api.end_session(''00000000-0000-0000-0000-000000000000'')';

create function api.end_other_sessions()
  returns json
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_count bigint;
begin
  perform api._need_person();
  update app.sessions set revoked_at = autocrm.now()
   where id in (select s.id from api._own_sessions() s where s.id is distinct from api._session());
  get diagnostics v_count = row_count;
  return json_build_object('ended', v_count);
end
$$;
comment on function api.end_other_sessions() is
  'Ends every log-in of the caller but the one of this call: {ended}, how many. TK401, TK403 for keys. Example: select api.end_other_sessions()';

-- Definer: no role writes passwords. Only the API calls it, after it has verified the current password in the attempt
-- p_body.attempt_id, which is counted like a log-in.
create function api.change_password(p_body jsonb)
  returns json
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_ended bigint := 0;
  v_prompt boolean;
begin
  perform api._need_person();
  perform api._need_api('Passwords are changed');
  update app.log_in_attempts set succeeded = true where id = (p_body ->> 'attempt_id')::bigint;
  update app.passwords set argon2 = p_body ->> 'argon2', changed_at = autocrm.now() where user_id = autocrm.actor_id();
  -- Who has a log-in to Postgres has it with the same password: the old one would still open it.
  v_prompt := autocrm.set_prompt_password(autocrm.actor_id(), p_body ->> 'scram');
  if (p_body ->> 'end_other_sessions')::boolean then
    v_ended := api.end_other_sessions() ->> 'ended';
  end if;
  return json_build_object('changed', true, 'ended', v_ended, 'prompt', v_prompt);
end
$$;
comment on function api.change_password(jsonb) is
  'Replaces the caller''s own password, for the API alone: {changed, ended, prompt}, with how many other sessions ended, and whether their log-in at a SQL prompt has the new password too. Keys: argon2, scram (a SCRAM-SHA-256 verifier), attempt_id, end_other_sessions. TK401, TK403 for keys and at a SQL prompt. Example: select api.change_password(''{"argon2": "$argon2id$…", "scram": "SCRAM-SHA-256$4096:AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "end_other_sessions": true}'')';
