-- Log-in, refresh and log-out. Called by autocrm_api as itself, before anybody is known; every function
-- is a definer because no role may read passwords or sessions. Verifying argon2 is the API's work: it is
-- meant to be slow, and a backend is no place to be slow in.

create function api._log_in(p_email text, p_ip inet)
  returns json
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_attempt bigint;
  v_failures integer;
  v_answer json;
begin
  select count(*) filter (where lower(a.email) = lower(p_email)) * 5 into v_failures
    from app.log_in_attempts a
   where a.at > autocrm.now() - interval '15 minutes' and not a.succeeded and lower(a.email) = lower(p_email);
  select greatest(v_failures, count(*)) into v_failures
    from app.log_in_attempts a
   where a.at > autocrm.now() - interval '15 minutes' and not a.succeeded and a.ip = p_ip;
  if v_failures >= 50 then
    raise exception using
      errcode = 'TK429', message = 'Too many failed log-ins', hint = 'Wait 15 minutes, or ask an administrator for a new password.';
  end if;
  insert into app.log_in_attempts (email, ip, at) values (p_email, p_ip, autocrm.now()) returning id into v_attempt;
  select json_build_object('attempt_id', v_attempt, 'user_id', u.id, 'role', u.role, 'argon2', p.argon2)
    into v_answer
    from app.users u
    join app.passwords p on p.user_id = u.id
   where lower(u.email) = lower(p_email) and u.active and u.role in ('admin', 'agent');
  return coalesce(v_answer, json_build_object('attempt_id', v_attempt));
end
$$;

create function api._open_session(p_attempt_id bigint, p_user_id bigint, p_refresh_hash bytea, p_user_agent text)
  returns json
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_session uuid;
  v_role text;
begin
  update app.log_in_attempts set succeeded = true where id = p_attempt_id;
  select role into v_role from app.users where id = p_user_id and active;
  insert into app.sessions (user_id, refresh_hash, user_agent, expires_at)
  values (p_user_id, p_refresh_hash, left(p_user_agent, 300), autocrm.now() + interval '30 days')
  returning id into v_session;
  return json_build_object('sid', v_session, 'user_id', p_user_id, 'role', v_role);
end
$$;

create function api._refresh_session(p_refresh_hash bytea, p_new_hash bytea)
  returns json
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_session app.sessions;
  v_role text;
begin
  -- A refresh token that was replaced is only ever shown again by whoever stole it, or was stolen from.
  update app.sessions set revoked_at = autocrm.now() where previous_hash = p_refresh_hash and revoked_at is null;
  if found then
    return json_build_object('reused', true);
  end if;
  update app.sessions
     set previous_hash = refresh_hash, refresh_hash = p_new_hash, refreshed_at = autocrm.now()
   where refresh_hash = p_refresh_hash and revoked_at is null and expires_at > autocrm.now()
  returning * into v_session;
  select role into v_role from app.users where id = v_session.user_id and active;
  if v_role is null then
    raise exception using errcode = 'TK401', message = 'This session has ended', hint = 'Log in again.';
  end if;
  return json_build_object('sid', v_session.id, 'user_id', v_session.user_id, 'role', v_role);
end
$$;

create function api._log_out(p_refresh_hash bytea)
  returns json
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  update app.sessions set revoked_at = autocrm.now() where refresh_hash = p_refresh_hash and revoked_at is null;
  return json_build_object('ended', found);
end
$$;

-- Definer: the refused transaction is rolled back with everything it wrote, so its audit row is written
-- after it, by the API.
create function api._record_refusal(p_claims text, p_operation text, p_code text, p_message text)
  returns void
  language sql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
  insert into app.audit_log (at, actor_id, action, table_name, row_key, changes)
  select autocrm.now(), nullif(p_claims::jsonb ->> 'sub', '')::bigint, 'refused', 'api', p_operation,
         jsonb_build_object('code', jsonb_build_array(null, p_code), 'message', jsonb_build_array(null, left(p_message, 500)))
$$;

-- Definer: what the work loop does needs the owner's rights.
create function api._maintain()
  returns json
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_swept integer;
  v_offered bigint;
begin
  delete from app.idempotency_keys where created_at < autocrm.now() - interval '1 day';
  get diagnostics v_swept = row_count;
  perform app._fold_tag_counts();
  delete from app.log_in_attempts where at < autocrm.now() - interval '30 days';
  perform app.sweep_notifications(1000);
  -- Whose connections ended with the process that held them.
  perform api._note_disconnect(l.user_id, 120)
     from app.agent_loads l where l.seen_at < autocrm.now() - interval '2 minutes';
  v_offered := autocrm.sweep_waiting();
  return json_build_object(
    'idempotency_keys_swept', v_swept, 'tickets_offered', v_offered, 'audit_rows_sealed', autocrm.seal_audit());
end
$$;
