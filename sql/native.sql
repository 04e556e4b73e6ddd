-- Grants on the native functions, and the one function that needs a superuser. Run by the migrating superuser, who owns the
-- extension.
revoke all on schema autocrm from public;
revoke all on all functions in schema autocrm from public;
grant usage on schema autocrm to
  autocrm_owner, autocrm_admin, autocrm_agent, autocrm_integration, autocrm_customer, autocrm_analyst, autocrm_api;
grant execute on all functions in schema autocrm to autocrm_owner;

grant execute on function
  autocrm.now(), autocrm.actor_id(), autocrm.actor_api_key_id(), autocrm.actor_role(), autocrm.actor_team_ids(),
  autocrm.actor_sees_all(), autocrm.actor_has_scope(text), autocrm.has_written(bigint), autocrm.fail(text, text, text, text),
  autocrm.sanitize_html(text), autocrm.html_to_text(text), autocrm.validate_fields(jsonb, text),
  autocrm.check_conditions(jsonb), autocrm.check_actions(jsonb),
  autocrm.tag_names(bigint[]), autocrm.condition_sql(jsonb), autocrm.condition_statuses(jsonb), autocrm.count_each(jsonb, bigint[]),
  autocrm.holds(bigint, jsonb),
  autocrm.test(jsonb, jsonb), autocrm.condition_schema(), autocrm.actor_class(), autocrm.outsiders(text, text[]),
  autocrm.parts_fields(), autocrm.sort_key(jsonb, text), autocrm.feed_page(text, integer),
  autocrm.sees_row(bigint, bigint, bigint, bigint), autocrm.sees_ticket(bigint), autocrm.sees_messages(bigint),
  autocrm.sees_attachment(bigint, bigint), autocrm.is_me(bigint), autocrm.sees_shared(bigint, bigint), autocrm.sees_macro(bigint),
  autocrm.sees_job(bigint), autocrm.sees_field(text), autocrm.at_prompt(), autocrm.cursor(text, text, bigint), autocrm.archives()
  to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_customer, autocrm_analyst, autocrm_api;
grant execute on function
  autocrm.business_seconds(timestamptz, timestamptz, bigint), autocrm.is_open(bigint, timestamptz),
  autocrm.next_open(bigint, timestamptz), autocrm.closes_at(bigint, timestamptz),
  autocrm.add_business(timestamptz, bigint, bigint), autocrm.coverage(bigint, timestamptz, bigint, integer)
  to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst;
grant execute on function
  autocrm.sketch(double precision), autocrm.sketch(double precision, bigint), autocrm.merge_sketches(bytea),
  autocrm.add_sketches(bytea, bytea), autocrm.quantile(bytea, double precision)
  to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst;
-- It names what its caller may not see: definers alone ask it.
revoke execute on function autocrm.hidden_fields()
  from autocrm_admin, autocrm_agent, autocrm_integration, autocrm_customer, autocrm_analyst, autocrm_api;
-- For the functions that make tickets and messages: what it gives out is gone, whether or not a row has it.
grant execute on function autocrm.next_id(text) to autocrm_admin, autocrm_agent, autocrm_integration;
revoke execute on function autocrm.next_id(text) from autocrm_customer, autocrm_analyst, autocrm_api;
-- It takes SQL, from functions of schema api alone: called by anybody else it is TK403.
grant execute on function autocrm.page(text, jsonb, integer, text), autocrm.item(text, jsonb)
  to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_customer;
grant execute on function autocrm.validate_record(bigint, jsonb) to autocrm_admin, autocrm_agent, autocrm_integration;
grant execute on function autocrm.html_mentions(text) to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_customer;
grant execute on function autocrm.redact_message(bigint, text) to autocrm_admin, autocrm_agent, autocrm_integration;
grant execute on function autocrm.search_plan(text), autocrm.search_text(text), autocrm.edit_distance(text, text) to autocrm_admin, autocrm_agent, autocrm_integration;
grant execute on function autocrm.copy_attachments(bigint) to autocrm_admin, autocrm_agent, autocrm_integration;
grant execute on function autocrm.render_template(text, jsonb, boolean) to autocrm_admin, autocrm_agent, autocrm_integration;
grant execute on function autocrm.verify_audit() to autocrm_admin;
grant execute on function autocrm.explain_routing(bigint), autocrm.matching_rules(bigint) to autocrm_admin, autocrm_agent, autocrm_analyst;
grant execute on function autocrm.simulate_routing(jsonb, timestamptz, timestamptz) to autocrm_admin;
grant execute on function autocrm.recount_loads(), autocrm.check_loads() to autocrm_admin;
grant execute on function autocrm.seal_audit() to autocrm_api;

-- What Postgres lets everybody do by default, and a SQL prompt of the desk must not: hold locks for others and keep
-- large objects, speak to whoever listens, take transaction ids for nothing, write to the log of changes, read what
-- others have read (statistics count rows that policies hide, and a row's current place shows that it was updated), and
-- run SQL from a text. In this database, for whoever
-- is no superuser. The desk's own functions act as autocrm_owner.
do $$
declare
  v_function record;
begin
  for v_function in
    select p.oid::regprocedure as name,
           case when p.proname ~ '^pg_stat_get_' or p.proname in ('pg_lock_status', 'pg_blocking_pids', 'pg_safe_snapshot_blocking_pids')
                then 'pg_monitor, autocrm_owner'
                when p.proname = 'pg_notify' then 'autocrm_api, autocrm_owner'
                else 'autocrm_owner' end as kept
      from pg_catalog.pg_proc p
     where p.pronamespace = 'pg_catalog'::regnamespace
       and (p.proname ~ '^(pg_(try_)?advisory_|lo_|pg_stat_get_|pg_logical_emit_message$|(query|cursor|table|schema|database)_to_)'
            or p.proname = any (array[
              'loread', 'lowrite', 'pg_notify', 'pg_export_snapshot', 'currtid2', 'pg_lock_status', 'pg_blocking_pids',
              'pg_safe_snapshot_blocking_pids', 'pg_isolation_test_session_is_blocked', 'pg_current_xact_id', 'txid_current', 'ts_stat', 'ts_rewrite']))
       -- Once is enough: racing runners would only wait for each other's rows.
       and coalesce(p.proacl, acldefault('f', p.proowner))::text ~ '[{,]=X'
  loop
    execute format('revoke execute on function %s from public', v_function.name);
    execute format('grant execute on function %s to %s', v_function.name, v_function.kept);
  end loop;
end
$$;

-- The new password of a person is that of their log-in to Postgres too. Definer, and owned by the migrating superuser: the
-- roles of a cluster are nobody else's to change. It takes a SCRAM verifier, so that no log ever holds the password, and
-- changes nothing but the password of a log-in that is no more than a person of the desk. Answers whether they have one.
create or replace function autocrm.set_prompt_password(user_id bigint, verifier text)
  returns boolean
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_role name;
begin
  select r.rolname into v_role
    from app.users u
    join pg_roles r on r.rolname = u.pg_role
   where u.id = set_prompt_password.user_id and u.active and r.rolcanlogin and r.rolname not like 'autocrm\_%'
     and not (r.rolsuper or r.rolcreaterole or r.rolcreatedb or r.rolreplication or r.rolbypassrls)
     and exists (
       select from pg_auth_members m join pg_roles g on g.oid = m.roleid
        where m.member = r.oid and g.rolname in ('autocrm_admin', 'autocrm_agent'));
  if v_role is null then
    return false;
  end if;
  -- Postgres would take anything else for the password itself.
  if coalesce(verifier !~ '^SCRAM-SHA-256\$[0-9]{4,7}:[A-Za-z0-9+/=]{16,64}\$[A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=$', true) then
    perform autocrm.fail('TK422', 'This is no password of a log-in', 'verifier: must be a SCRAM-SHA-256 verifier', 'Send what the API makes of a password.');
  end if;
  execute format('alter role %I password %L', v_role, verifier);
  return true;
end
$$;
comment on function autocrm.set_prompt_password(bigint, text) is
  'Gives the PostgreSQL log-in of a person a new password, as a SCRAM-SHA-256 verifier; false when they have none. TK422. Example: select autocrm.set_prompt_password(1, ''SCRAM-SHA-256$4096:AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='')';
revoke all on function autocrm.set_prompt_password(bigint, text) from public;
grant execute on function autocrm.set_prompt_password(bigint, text) to autocrm_owner;
