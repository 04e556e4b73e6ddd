-- Log-in, refresh and log-out, called before the caller is known. No role reads passwords or sessions. argon2 is verified
-- by the API: it is slow by design, and would block a database connection.

-- Failures are counted per pair of address and account, so that guessing locks out neither the account's owner at another
-- address nor others behind the same address. Higher limits hold per account and per address; both exempt addresses that
-- the account logged in from before. A browser that signed this account in before (p_devices, sealed by the API:
-- [{user_id, device}]) has a count of its own.
create function worker.log_in(p_email text, p_ip inet, p_devices jsonb default '[]')
  returns json
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_email text := lower(normalize(p_email));
  -- With IPv6 a household or an office has a whole network.
  v_ip inet := case when family(p_ip) = 6 then network(set_masklen(p_ip, 64)) else p_ip end;
  v_from timestamptz := autocrm.now() - interval '15 minutes';
  v_user bigint;
  v_role text;
  v_argon2 text;
  v_device text;
  v_attempt bigint;
  v_tried boolean;
begin
  if p_email is null or length(p_email) > 320 then
    perform api._refuse('Nobody can log in like this', array['email: must have at most 320 characters']);
  end if;
  select u.id, u.role::text, p.argon2 into v_user, v_role, v_argon2
    from app.users u
    join app.passwords p on p.user_id = u.id
   where lower(u.email) = v_email and u.active and u.role in ('admin', 'agent');
  select d.device into v_device
    from jsonb_to_recordset(p_devices) d (user_id text, device text)
   where d.user_id = v_user::text
     -- A stolen device is good for ten guesses.
     and (select count(*) from app.log_in_attempts a
           where lower(a.email) = v_email and a.device = d.device and not a.succeeded and a.at > v_from) < 10
   limit 1;
  if v_device is null then
    select count(*) filter (where a.ip is not distinct from v_ip and a.at > coalesce((
             select max(s.at) from app.log_in_attempts s
              where lower(s.email) = v_email and s.ip is not distinct from v_ip and s.succeeded and s.device is null and s.at > v_from), '-infinity')) >= 10
           or count(*) >= 200 and not exists (
             select from app.log_in_attempts s where lower(s.email) = v_email and s.ip is not distinct from v_ip and s.succeeded)
      into v_tried
      from app.log_in_attempts a
     where lower(a.email) = v_email and not a.succeeded and a.at > v_from;
    if not v_tried and v_ip is not null then
      select count(*) >= 500 and not exists (
               select from app.log_in_attempts s where lower(s.email) = v_email and s.ip = v_ip and s.succeeded)
        into v_tried
        from app.log_in_attempts a
       where a.ip = v_ip and not a.succeeded and a.at > v_from;
    end if;
    if v_tried then
      raise exception using
        errcode = 'TK429', message = 'Too many failed log-ins', hint = 'Wait 15 minutes, or ask an administrator for a new password.';
    end if;
  end if;
  insert into app.log_in_attempts (email, ip, device, at) values (p_email, v_ip, v_device, autocrm.now()) returning id into v_attempt;
  return json_strip_nulls(json_build_object('attempt_id', v_attempt, 'user_id', v_user, 'role', v_role, 'argon2', v_argon2));
end
$$;

create function worker.open_session(p_attempt_id bigint, p_user_id bigint, p_session uuid, p_refresh_hash bytea, p_user_agent text)
  returns json
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_role text;
begin
  update app.log_in_attempts set succeeded = true where id = p_attempt_id;
  select role into v_role from app.users where id = p_user_id and active;
  insert into app.sessions (id, user_id, refresh_hash, user_agent, expires_at)
  values (p_session, p_user_id, p_refresh_hash, left(p_user_agent, 300), autocrm.now() + interval '30 days');
  return json_build_object('sid', p_session, 'user_id', p_user_id, 'role', v_role);
end
$$;

-- p_session is the session id in the token, which the API signed; NULL for tokens from before 0.3.
create function worker.refresh_session(p_session uuid, p_refresh_hash bytea, p_new_hash bytea)
  returns json
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_session app.sessions;
  v_role text;
begin
  select * into v_session from app.sessions s
   where s.revoked_at is null and case when p_session is not null then s.id = p_session else p_refresh_hash in (s.refresh_hash, s.previous_hash) end
     for update;
  -- A refresh token that was replaced, in any generation, is presented again only when it was stolen.
  if v_session.refresh_hash <> p_refresh_hash then
    update app.sessions set revoked_at = autocrm.now() where id = v_session.id;
    return json_build_object('reused', true);
  end if;
  select role into v_role from app.users where id = v_session.user_id and active and v_session.expires_at > autocrm.now();
  if v_role is null then
    raise exception using errcode = 'TK401', message = 'This session has ended', hint = 'Log in again.';
  end if;
  update app.sessions
     set previous_hash = refresh_hash, refresh_hash = p_new_hash, refreshed_at = autocrm.now()
   where id = v_session.id;
  return json_build_object('sid', v_session.id, 'user_id', v_session.user_id, 'role', v_role);
end
$$;

-- p_sessions are session ids of tokens that the API signed.
create function worker.log_out(p_refresh_hash bytea, p_sessions text[] default '{}')
  returns json
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  update app.sessions set revoked_at = autocrm.now()
   where revoked_at is null and (refresh_hash = p_refresh_hash or id = any (p_sessions::uuid[]));
  return json_build_object('ended', found);
end
$$;

-- Audits a refusal, after the refused transaction was rolled back with everything it wrote. Answers whether the caller is
-- known to the desk: strangers must not fill an append-only log.
create function worker.record_refusal(p_claims text, p_operation text, p_code text, p_message text)
  returns boolean
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_claims jsonb := p_claims;
  v_actor bigint;
  v_key bigint;
begin
  if v_claims ? 'key' then
    select k.user_id, k.id into v_actor, v_key from app.api_keys k where k.hash = decode(v_claims ->> 'key', 'hex');
  else
    select s.user_id into v_actor from app.sessions s
     where s.id = (v_claims ->> 'sid')::uuid and s.user_id::text = v_claims ->> 'sub';
  end if;
  if v_actor is null then
    return false;
  end if;
  insert into app.audit_log (at, actor_id, api_key_id, door, action, table_name, row_key, changes)
  values (autocrm.now(), v_actor, v_key, case when v_key is null then 'session' else 'key' end, 'refused', 'api', left(p_operation, 500),
          jsonb_build_object('code', jsonb_build_array(null, p_code), 'message', jsonb_build_array(null, left(p_message, 500))));
  return true;
end
$$;
