-- Users: staff, requesters, analysts and the users of API keys.

create trigger tg_users__100_stamp before insert or update on app.users
  for each row execute function autocrm.tg_stamp();
-- Language and time zone reach dates, templates and digests, which would fail on one that nobody knows. The problem of each;
-- NULL without one.
create function app.locale_problem(p_locale text)
  returns text
  language sql immutable parallel safe
  set search_path = ''
as $$
  select case when p_locale !~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$' then 'must be a language tag such as de or pt-BR'
         || case when replace(p_locale, '_', '-') ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$' then '; write ' || replace(p_locale, '_', '-') else '' end
  end
$$;
-- The list of all time zones is read from files, which takes 20 ms: too long for each row of an import. The usual names,
-- an area and a city, are looked up alone; with a slash they cannot be rules such as EST5EDT, which Postgres takes too.
create function app.time_zone_problem(p_time_zone text)
  returns text
  language plpgsql stable parallel safe
  set search_path = ''
as $$
begin
  if p_time_zone is null or p_time_zone = 'UTC' then
    return null;
  elsif p_time_zone ~ '^[A-Z][A-Za-z]{1,20}(/[A-Z][A-Za-z0-9_+-]{1,30}){1,2}$' then
    begin
      perform pg_catalog.timezone(p_time_zone, timestamptz 'epoch');
      return null;
    exception when invalid_parameter_value then
      null;
    end;
  elsif exists (select from pg_catalog.pg_timezone_names z where z.name = p_time_zone) then
    return null;
  end if;
  return 'must be a time zone such as Europe/Berlin';
end
$$;
grant execute on function app.locale_problem(text), app.time_zone_problem(text)
  to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_customer;

-- A number is read by people too: one line, with something to see in it.
create function app.phone_problem(p_phone text)
  returns text
  language sql immutable parallel safe
  set search_path = ''
as $$
  select app.name_problem(nullif(p_phone, ''))
$$;
grant execute on function app.phone_problem(text) to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_customer;

create function app.tg_users__phone()
  returns trigger
  language plpgsql volatile
  set search_path = ''
as $$
begin
  if tg_op = 'UPDATE' then
    if new.phone is not distinct from old.phone then
      return new;
    end if;
  end if;
  perform autocrm.fail('TK422', 'This person cannot be saved like this', 'phone: ' || app.phone_problem(new.phone),
    'Correct the number; nothing was saved.');
  return new;
end
$$;
create trigger tg_users__151_phone before insert or update of phone on app.users
  for each row when (app.phone_problem(new.phone) is not null) execute function app.tg_users__phone();

create function app.tg_users__locale()
  returns trigger
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_locale text := case when tg_op = 'INSERT' or new.locale is distinct from old.locale then app.locale_problem(new.locale) end;
  v_zone text := case when tg_op = 'INSERT' or new.time_zone is distinct from old.time_zone then app.time_zone_problem(new.time_zone) end;
begin
  if num_nonnulls(v_locale, v_zone) > 0 then
    perform autocrm.fail('TK422', 'This person cannot be saved like this',
      concat_ws(e'\n', 'locale: ' || v_locale, 'time_zone: ' || v_zone), 'Correct each value; nothing was saved.');
  end if;
  return new;
end
$$;
create trigger tg_users__150_locale before insert or update of locale, time_zone on app.users
  for each row when (new.time_zone <> 'UTC' or new.locale !~ '^[a-z]{2,3}$') execute function app.tg_users__locale();

create trigger tg_users__500_audit after insert or update or delete on app.users
  for each row execute function autocrm.tg_audit();

grant select on app.users to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst, autocrm_customer;
-- Which log-in of the server is whose is up to its operator, who makes them: the log-in gets its person's new password.
select app._grant_columns('{insert, update}', 'users', 'autocrm_admin', '{pg_role}');
-- Agents and keys write names, addresses and organizations of customers; only admins write rights.
grant insert (role, name, email, organization_id, locale, time_zone, phone, custom, active, external_id),
      update (role, name, email, organization_id, locale, time_zone, phone, custom, active, external_id, merged_into_id)
  on app.users to autocrm_agent, autocrm_integration;
grant delete on app.users to autocrm_admin;

create policy staff_read_users on app.users
  for select to autocrm_admin, autocrm_agent, autocrm_analyst
  using ((select autocrm.actor_id()) is not null);
create policy keys_read_users on app.users
  for select to autocrm_integration
  using ((select autocrm.actor_has_scope('users:read')) or id = (select autocrm.actor_id()));
create policy customers_read_themselves on app.users
  for select to autocrm_customer
  using (id = (select autocrm.actor_id()));

-- Only admins write schedules and may_redact.
create policy admins_add_users on app.users
  for insert to autocrm_admin
  with check ((select autocrm.actor_role()) = 'admin');
create policy agents_add_customers on app.users
  for insert to autocrm_agent
  with check (role = 'customer' and pg_role is null and schedule_id is null and not may_redact and (select autocrm.actor_id()) is not null);
create policy keys_add_customers on app.users
  for insert to autocrm_integration
  -- A conflict over an address reveals its owner, so the scope to read is needed too.
  with check (role = 'customer' and pg_role is null and schedule_id is null and not may_redact
              and (select autocrm.actor_has_scope('users:write')) and (select autocrm.actor_has_scope('users:read')));

create policy admins_change_users on app.users
  for update to autocrm_admin
  using ((select autocrm.actor_role()) = 'admin');
create policy agents_change_customers on app.users
  for update to autocrm_agent
  using (role = 'customer' and pg_role is null and (select autocrm.actor_id()) is not null)
  with check (role = 'customer' and pg_role is null and schedule_id is null and not may_redact and (select autocrm.actor_id()) is not null);
create policy keys_change_customers on app.users
  for update to autocrm_integration
  using (role = 'customer' and pg_role is null and (select autocrm.actor_has_scope('users:write')))
  with check (role = 'customer' and pg_role is null and schedule_id is null and not may_redact and (select autocrm.actor_has_scope('users:write')));
create policy admins_remove_users on app.users
  for delete to autocrm_admin
  using ((select autocrm.actor_role()) = 'admin');

-- As for sessions.
create trigger tg_users__950_invalidate after update of role, ticket_access, active or delete or truncate on app.users
  for each statement execute function autocrm.tg_invalidate('identities');
