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

-- One step of what the work loop does, so that each is a short transaction of its own and one that fails stops no
-- other: while the audit is sealed, nobody's books are held. Answers how much there was to do.
-- Definer: the steps need the owner's rights.
create function api._maintain(p_step text)
  returns bigint
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  -- No step takes long, however much has gathered: the next round goes on.
  v_most constant integer := 5000;
  v_done bigint := 0;
begin
  case p_step
    when 'partitions' then
      v_done := app.ensure_partitions();
    when 'idempotency_keys' then
      delete from app.idempotency_keys k
       where k.ctid = any (array(select o.ctid from app.idempotency_keys o where o.created_at < autocrm.now() - interval '1 day' limit v_most));
      get diagnostics v_done = row_count;
    when 'log_in_attempts' then
      delete from app.log_in_attempts a
       where a.ctid = any (array(select o.ctid from app.log_in_attempts o where o.at < autocrm.now() - interval '30 days' limit v_most));
      get diagnostics v_done = row_count;
    when 'tag_counts' then
      perform app._fold_tag_counts();
    when 'notifications' then
      v_done := app.sweep_notifications(1000);
    when 'audit' then
      v_done := autocrm.seal_audit();
    when 'connections' then
      -- Whose connections ended with the process that held them. By id, as everybody locks agents.
      select count(*) filter (where api._note_disconnect(l.user_id, 120)) into v_done
        from (select o.user_id from app.agent_loads o
               where o.seen_at < autocrm.now() - interval '2 minutes' order by o.user_id limit 200) l;
    when 'waiting' then
      v_done := autocrm.sweep_waiting();
    when 'books' then
      v_done := autocrm.check_loads();
    when 'trash' then
      v_done := api._empty_trash();
  end case;
  return v_done;
end
$$;
comment on function api._maintain(text) is
  'One step of maintenance: partitions, idempotency_keys, log_in_attempts, tag_counts, notifications, audit, connections, waiting, books, trash. Answers how many rows it concerned; for books, how many agents'' counts were wrong, each of which is a defect, told in the log and in the audit.';

-- All steps in one transaction, for a prompt, but for the trash and partitions, whose locks others would wait for;
-- those that hold agents' books come last.
create function api._maintain()
  returns json
  language sql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
  select json_object_agg(s.told, api._maintain(s.step))
    from (values ('idempotency_keys', 'idempotency_keys_swept'), ('log_in_attempts', 'log_in_attempts_swept'),
                 ('tag_counts', 'tag_counts'), ('notifications', 'notifications'), ('audit', 'audit_rows_sealed'),
                 ('connections', 'agents_gone'), ('waiting', 'tickets_offered'), ('books', 'books_corrected')) s (step, told)
$$;
