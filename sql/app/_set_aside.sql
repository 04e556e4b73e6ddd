-- Items that a worker could not process: each is kept with its error and retried at growing intervals, or at once when
-- an admin asks, so that no single row stops the others.

create trigger tg_set_aside__500_audit after insert or update or delete on app.set_aside
  for each row execute function autocrm.tg_audit();

grant select on app.set_aside to autocrm_admin;
create policy admins_read_what_is_set_aside on app.set_aside
  for select to autocrm_admin
  using ((select autocrm.actor_role()) = 'admin');

-- Whether an error is transient (a deadlock or serialization failure), so that the whole round is retried. A row that is
-- locked is not: the lock may last, so only the items that need the row wait.
create function app.is_transient(p_code text)
  returns boolean
  language sql immutable
  set search_path = ''
as $$
  select p_code like '40%'
$$;

create function app.note_failure(p_worker text, p_item text, p_ticket_id bigint, p_data jsonb, p_failure app.failure)
  returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
begin
  if app.is_transient(p_failure.code) then
    raise exception using errcode = p_failure.code, message = p_failure.message, detail = coalesce(p_failure.detail, '');
  end if;
  insert into app.set_aside as s (worker, item, ticket_id, data, code, message, detail, hint, at, tried_at, retry_at)
  values (p_worker, p_item, p_ticket_id, p_data, p_failure.code, left(p_failure.message, 1000), left(nullif(p_failure.detail, ''), 2000),
          left(nullif(p_failure.hint, ''), 1000), autocrm.now(), autocrm.now(),
          autocrm.now() + case p_failure.code when '55P03' then interval '2 seconds' else interval '1 minute' end)
  on conflict (worker, item) do update
     set code = excluded.code, message = excluded.message, detail = excluded.detail, hint = excluded.hint, data = excluded.data,
         attempts = s.attempts + 1, tried_at = excluded.tried_at,
         retry_at = excluded.tried_at + least(
           case p_failure.code when '55P03' then interval '2 seconds' else interval '1 minute' end * 2 ^ least(s.attempts, 12),
           -- Maintenance is retried sooner.
           case when p_failure.code = '55P03' then interval '1 minute' when p_worker = 'maintenance' then interval '5 minutes'
                else interval '1 day' end);
end
$$;

-- Retries the items that are due, of workers in the database; answers how many it tried.
create function app.retry_failed(p_most integer)
  returns integer
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_item app.set_aside;
  v_failure app.failure;
  v_count integer := 0;
begin
  for v_item in
    select * from app.set_aside s
     where s.retry_at <= autocrm.now() and s.worker in ('triggers', 'automations', 'backfills', 'sla', 'metrics', 'search', 'notifications', 'retention')
     order by s.retry_at limit p_most for update skip locked
  loop
    begin
      case v_item.worker
        when 'triggers' then
          perform app.apply_triggers(v_item.ticket_id, (v_item.data ->> 'xid')::xid8);
        when 'automations' then
          perform app.apply_automation(v_item.ticket_id, (v_item.data ->> 'automation_id')::bigint);
        when 'backfills' then
          perform autocrm.plan_automations(v_item.ticket_id, (v_item.data ->> 'automation_id')::bigint, false);
        when 'sla' then
          perform app.advance_sla(v_item.ticket_id);
        when 'metrics' then
          -- Whoever counts notes failures here: neither waits for the other.
          perform from app.metric_cursor for update nowait;
          perform app.count_metrics(array[(v_item.data ->> 'ticket_id')::bigint]);
        when 'search' then
          perform app._search_rebuild(t) from app.tickets t where t.id = v_item.ticket_id;
        when 'retention' then
          perform app.retry_retention(v_item.ticket_id, (v_item.data ->> 'policy_id')::bigint);
        when 'notifications' then
          perform app.notify(array[(v_item.data ->> 'xid')::xid8]);
      end case;
      delete from app.set_aside s where s.id = v_item.id;
    exception when others then
      get stacked diagnostics v_failure.code = returned_sqlstate, v_failure.message = message_text,
        v_failure.detail = pg_exception_detail, v_failure.hint = pg_exception_hint;
      perform app.note_failure(v_item.worker, v_item.item, v_item.ticket_id, v_item.data, v_failure);
    end;
    v_count := v_count + 1;
  end loop;
  return v_count;
end
$$;
