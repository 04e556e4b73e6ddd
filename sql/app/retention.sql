-- Retention: how long tickets are kept, and what becomes of them then. The worker goes through all tickets in the order of
-- their ids, once a day for each policy, in steps so short that nobody waits for one. Open work is never touched, nor what a
-- legal hold is on (legal_holds.sql).

-- Conditions are checked as those of views: a list of tickets is asked.
create function app.tg_retention_policies__check()
  returns trigger
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_problems text[];
begin
  -- A rename (names/renames.sql): the rest has been checked before.
  if current_user = 'autocrm_owner' and tg_op = 'UPDATE' then
    return new;
  end if;
  v_problems := autocrm.check_conditions(new.conditions);
  if new.action = 'archive' and new.since = 'trashed' then
    v_problems := v_problems || 'since: tickets in the trash are not archived; say created, solved or closed'::text;
  end if;
  if v_problems <> '{}' then
    perform autocrm.fail('TK422', format('The retention policy ''%s'' cannot be saved as it is', new.name), array_to_string(v_problems, e'\n'),
      'Correct each part and try again.');
  end if;
  -- Refuses conditions on changes, which a list cannot have.
  perform autocrm.condition_sql(new.conditions);
  return new;
end
$$;
create trigger tg_retention_policies__100_stamp before insert or update on app.retention_policies
  for each row execute function autocrm.tg_stamp();
create trigger tg_retention_policies__200_check before insert or update on app.retention_policies
  for each row execute function app.tg_retention_policies__check();
create trigger tg_retention_policies__500_audit after insert or update or delete on app.retention_policies
  for each row execute function autocrm.tg_audit();

grant select, delete on app.retention_policies to autocrm_admin;
select app._grant_columns('{insert, update}', 'retention_policies', 'autocrm_admin');
create policy admins_decide_on_retention on app.retention_policies
  for all to autocrm_admin
  using ((select autocrm.actor_role()) = 'admin')
  with check ((select autocrm.actor_role()) = 'admin');
grant select on app.retention_runs to autocrm_admin;
create policy admins_read_how_far_retention_is on app.retention_runs
  for select to autocrm_admin
  using ((select autocrm.actor_role()) = 'admin');

-- The column whose moment counts.
create function app.retention_column(p_policy app.retention_policies)
  returns text
  language sql immutable
  set search_path = ''
as $$
  select case p_policy.since when 'created' then 'created_at' when 'solved' then 'solved_at' when 'closed' then 'closed_at' else 'deleted_at' end
$$;

-- The tickets that a policy concerns now, as a condition on app.tickets t.
create function app.retention_predicate(p_policy app.retention_policies)
  returns text
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_earlier app.retention_policies;
  v_sql text := format('t.%I < %L::timestamptz and (t.deleted_at is not null or t.status_id not in (select o.id from app.open_statuses o))',
    app.retention_column(p_policy), autocrm.now() - make_interval(days => p_policy.days));
begin
  if p_policy.action = 'anonymise' then
    v_sql := v_sql || ' and t.anonymised_at is null';
  end if;
  -- A merged ticket goes with the one that shows its messages.
  if p_policy.action = 'archive' then
    v_sql := v_sql || ' and t.deleted_at is null and t.closed_at is not null and t.status_id in (select s.id from app.statuses s where s.category = ''closed'')
      and not exists (select from app.ticket_links l where l.kind = ''merged'' and l.ticket_id = t.id)';
  end if;
  for v_earlier in
    select p.* from app.retention_policies p
     where p.enabled and p.action = p_policy.action and (p.position, p.id) < (p_policy.position, p_policy.id)
  loop
    -- It applies to a ticket that has its moment: one for the trash leaves all others to the next.
    v_sql := v_sql || format(' and (t.%I is not null and (%s)) is not true', app.retention_column(v_earlier), autocrm.condition_sql(v_earlier.conditions));
  end loop;
  return v_sql || format(' and (%s)', autocrm.condition_sql(p_policy.conditions));
end
$$;

-- Does to a ticket what a policy says, when it still concerns the ticket; false when it does not, or somebody writes the
-- ticket right now.
create function app.retain_ticket(p_ticket_id bigint, p_policy app.retention_policies, p_predicate text)
  returns boolean
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_id bigint;
  v_cause jsonb := jsonb_build_object('kind', 'retention', 'id', p_policy.id, 'name', p_policy.name);
begin
  execute format('select t.id from app.tickets t where t.id = $1 and %s for update skip locked', p_predicate) into v_id using p_ticket_id;
  if v_id is null then
    return false;
  end if;
  if p_policy.action = 'archive' then
    -- It has the ticket, for which an erasure that begins may be waiting.
    if not pg_try_advisory_xact_lock_shared(app._archive_lock()) or exists (select from app.erasures e where e.status = 'running') then
      return false;
    end if;
    return app.archive_ticket(v_id, v_cause);
  end if;
  perform app.erase_ticket(v_id, p_policy.action = 'delete', v_cause);
  return true;
end
$$;

-- The retry of a ticket that was set aside.
create function app.retry_retention(p_ticket_id bigint, p_policy_id bigint)
  returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_policy app.retention_policies;
begin
  select * into v_policy from app.retention_policies p where p.id = p_policy_id and p.enabled;
  if found and app.hold_of_ticket(p_ticket_id) is null then
    perform app.retain_ticket(p_ticket_id, v_policy, app.retention_predicate(v_policy));
  end if;
end
$$;

-- One step of the first policy that is due: tickets one by one, until a fiftieth of a second is over. Answers whether there
-- may be more to do.
create function app.run_retention()
  returns boolean
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_most constant interval := '20 milliseconds';
  v_began timestamptz;
  v_policy app.retention_policies;
  v_run app.retention_runs;
  v_predicate text;
  v_upto bigint;
  v_ids bigint[];
  v_id bigint;
  v_failure app.failure;
  v_waits boolean := false;
begin
  select p.* into v_policy
    from app.retention_policies p
    left join app.retention_runs r on r.policy_id = p.id
   where p.enabled
     -- Nothing moves meanwhile (app._archive_lock).
     and (p.action <> 'archive' or not exists (select from app.erasures e where e.status = 'running'))
     and not exists (
       select from app.set_aside s where s.worker = 'retention' and s.item = format('policy %s', p.id) and s.retry_at > autocrm.now())
     and (r.policy_id is null or r.finished_at is null or p.updated_at > r.started_at or r.started_at < autocrm.now() - interval '1 day')
   order by p.position, p.id limit 1;
  if not found then
    return false;
  end if;
  insert into app.retention_runs (policy_id, last_id)
  select v_policy.id, coalesce(max(t.id), 0) from app.tickets t
  on conflict (policy_id) do nothing;
  select * into v_run from app.retention_runs r where r.policy_id = v_policy.id for no key update skip locked;
  if not found then
    return false;
  end if;
  if v_policy.updated_at > v_run.started_at or v_run.finished_at is not null then
    select v_policy.id, 0, coalesce(max(t.id), 0), 0, 0, 0, 0, autocrm.now(), null into v_run from app.tickets t;
  end if;
  v_upto := (select max(x.id) from (select t.id from app.tickets t where t.id > v_run.ticket_id and t.id <= v_run.last_id order by t.id limit 1000) x);
  if v_upto is null then
    v_run.ticket_id := v_run.last_id;
    v_run.finished_at := autocrm.now();
  else
    -- Conditions that cannot be asked hold up no policy with another action; those after it with the same one wait for it.
    begin
      v_predicate := app.retention_predicate(v_policy);
      execute format(
        'select array(select t.id from app.tickets t where t.id > $1 and t.id <= $2 and %s
                         and not exists (select from app.set_aside s where s.worker = ''retention'' and s.ticket_id = t.id and s.retry_at > autocrm.now())
                       order by t.id limit 100)', v_predicate)
        into v_ids using v_run.ticket_id, v_upto;
    exception when others then
      get stacked diagnostics v_failure.code = returned_sqlstate, v_failure.message = message_text,
        v_failure.detail = pg_exception_detail, v_failure.hint = pg_exception_hint;
      perform app.note_failure('retention', format('policy %s', v_policy.id), null, jsonb_build_object('policy_id', v_policy.id), v_failure);
      return true;
    end;
    v_upto := coalesce(v_ids[100], v_upto);
    -- Nothing is locked before the first ticket is, and that one is always done.
    v_began := clock_timestamp();
    foreach v_id in array v_ids
    loop
      if v_id <> v_ids[1] and clock_timestamp() > v_began + v_most then
        v_upto := v_run.ticket_id;
        exit;
      end if;
      v_run.looked_at := v_run.looked_at + 1;
      if app.hold_of_ticket(v_id) is not null then
        v_run.held := v_run.held + 1;
      else
        begin
          if app.retain_ticket(v_id, v_policy, v_predicate) then
            v_run.done := v_run.done + 1;
          end if;
        exception when others then
          -- Somebody holds what it needs, or a hold is being placed: it begins with this ticket the next time.
          if app.is_transient(sqlstate) or sqlstate = '55P03' then
            v_run.looked_at := v_run.looked_at - 1;
            v_upto := v_run.ticket_id;
            v_waits := true;
            exit;
          end if;
          get stacked diagnostics v_failure.code = returned_sqlstate, v_failure.message = message_text,
            v_failure.detail = pg_exception_detail, v_failure.hint = pg_exception_hint;
          perform app.note_failure('retention', format('policy %s, ticket %s', v_policy.id, v_id), v_id,
            jsonb_build_object('policy_id', v_policy.id), v_failure);
          v_run.failed := v_run.failed + 1;
        end;
      end if;
      v_run.ticket_id := v_id;
    end loop;
    v_run.ticket_id := v_upto;
  end if;
  update app.retention_runs r
     set (ticket_id, last_id, looked_at, done, held, failed, started_at, finished_at)
       = (v_run.ticket_id, v_run.last_id, v_run.looked_at, v_run.done, v_run.held, v_run.failed, v_run.started_at, v_run.finished_at)
   where r.policy_id = v_run.policy_id;
  return not v_waits;
end
$$;
