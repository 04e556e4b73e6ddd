-- Maintenance: partitions, sweeps, audit seals, the trash, checks of the router's books.

-- One step of maintenance. Each is a short transaction of its own, so that one that fails stops no other, and no lock on
-- agents' books is held while the audit is sealed. Answers how many rows it concerned.
create function worker.maintain(p_step text)
  returns bigint
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  -- A step handles at most this many rows; the next round continues.
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
    when 'sessions' then
      -- The audit log keeps that they were.
      delete from app.sessions s
       where s.id = any (array(
         select o.id from app.sessions o where least(o.expires_at, o.revoked_at) < autocrm.now() - interval '30 days' limit v_most));
      get diagnostics v_done = row_count;
    when 'tag_counts' then
      perform app._fold_tag_counts();
    when 'ticket_counts' then
      perform app._fold_ticket_counts();
    when 'notifications' then
      v_done := app.sweep_notifications(1000);
    when 'audit' then
      v_done := autocrm.seal_audit();
    when 'connections' then
      -- Agents whose connections ended with the process that held them. Locked in the order of ids, like everywhere.
      select count(*) filter (where worker.note_disconnect(l.user_id, 120)) into v_done
        from (select o.user_id from app.agent_loads o
               where o.seen_at < autocrm.now() - interval '2 minutes' order by o.user_id limit 200) l;
    when 'waiting' then
      v_done := autocrm.sweep_waiting();
      perform app._forget_queue_items();
    when 'books' then
      v_done := autocrm.check_loads();
    when 'trash' then
      v_done := worker.empty_trash();
  end case;
  return v_done;
end
$$;
comment on function worker.maintain(text) is
  'One step of maintenance: partitions, idempotency_keys, log_in_attempts, sessions, tag_counts, ticket_counts, notifications, audit, connections, waiting, books, trash. Answers how many rows it concerned; for books, how many agents'' counts were wrong, each of which is a defect, logged and audited.';

-- All steps in one transaction, for use at a prompt, except the trash and partitions, whose locks others would wait for.
-- Steps that lock agents' books come last.
create function worker.maintain()
  returns json
  language sql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
  select json_object_agg(s.told, worker.maintain(s.step))
    from (values ('idempotency_keys', 'idempotency_keys_swept'), ('log_in_attempts', 'log_in_attempts_swept'), ('sessions', 'sessions_swept'),
                 ('tag_counts', 'tag_counts'), ('ticket_counts', 'ticket_counts'), ('notifications', 'notifications'), ('audit', 'audit_rows_sealed'),
                 ('connections', 'agents_gone'), ('waiting', 'tickets_offered'), ('books', 'books_corrected')) s (step, told)
$$;

-- Deletes tickets that have been in the trash for 30 days, at most a thousand a round. One that cannot be deleted is set
-- aside; one that a legal hold is on stays.
create function worker.empty_trash()
  returns bigint
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
  set lock_timeout = '2s'
as $$
declare
  v_ids bigint[];
  v_id bigint;
  v_count bigint := 0;
  v_failure app.failure;
begin
  v_ids := array(
    select t.id from app.tickets t
     where t.deleted_at < autocrm.now() - interval '30 days'
       and not exists (
         select from app.set_aside s where s.worker = 'maintenance' and s.item = format('trash: ticket %s', t.id) and s.retry_at > autocrm.now())
       and app.hold_of_ticket(t.id) is null
     order by t.deleted_at limit 1000 for update skip locked);
  begin
    delete from app.tickets where id = any (v_ids);
    get diagnostics v_count = row_count;
  exception when others then
    if app.is_transient(sqlstate) or sqlstate = '55P03' then
      return 0;
    end if;
    foreach v_id in array v_ids
    loop
      begin
        delete from app.tickets where id = v_id;
        v_count := v_count + 1;
      exception when others then
        get stacked diagnostics v_failure.code = returned_sqlstate, v_failure.message = message_text,
          v_failure.detail = pg_exception_detail, v_failure.hint = pg_exception_hint;
        perform app.note_failure('maintenance', format('trash: ticket %s', v_id), v_id, '{}', v_failure);
      end;
    end loop;
  end;
  return v_count;
end
$$;
