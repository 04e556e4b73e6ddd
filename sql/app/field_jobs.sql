-- Jobs over the values of a field on every ticket: one batch a transaction, so that a worker may die at any moment and
-- another continues.

create trigger tg_field_jobs__500_audit after insert or delete or update of status on app.field_jobs
  for each row execute function autocrm.tg_audit();

-- Other roles have the privilege, but no policy: they see no rows.
grant select on app.field_jobs to autocrm_admin, autocrm_agent, autocrm_integration;
create policy admins_read_field_jobs on app.field_jobs
  for select to autocrm_admin
  using ((select autocrm.actor_role()) = 'admin');

-- Definer: no role writes events. Only admins read these.
create function app.tg_field_jobs__notify()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  insert into app.events (at, name, actor_id, data)
  values (autocrm.now(), 'field.progress', new.created_by, jsonb_build_object(
    'job_id', new.id, 'field_id', new.field_id, 'kind', new.kind, 'status', new.status,
    'total', new.total, 'done', new.done, 'changed', new.changed, 'failed', new.failed));
  return null;
end
$$;
create trigger tg_field_jobs__900_notify after insert or update on app.field_jobs
  for each row execute function app.tg_field_jobs__notify();
create policy admins_hear_of_field_jobs on app.events
  for select to autocrm_admin
  using (name = 'field.progress' and ticket_id is null and (select autocrm.actor_role()) = 'admin');

-- Starts to move the values of a field to where its definition says, and cancels an earlier move.
create function app.move_field(p_field app.custom_fields)
  returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
begin
  update app.field_jobs set status = 'cancelled', finished_at = autocrm.now()
   where field_id = p_field.id and kind = 'move' and status in ('queued', 'running');
  insert into app.field_jobs (field_id, kind, last_id, total, created_by)
  -- Over all ids: transactions that began earlier may still insert tickets by the old definition. Those of the archive too.
  select p_field.id, 'move', 9223372036854775807, (select count(*) from app.tickets) + (select count(*) from app.archived_tickets), autocrm.actor_id();
end
$$;

-- Transactions of this database that hold a lock for writing on app.tickets, by their ids in pg_locks.
create function app.ticket_writers()
  returns bigint[]
  language sql volatile
  set search_path = pg_catalog, pg_temp
as $$
  select coalesce(array_agg(distinct x.transactionid::text::bigint), '{}')
    from pg_locks t
    join pg_locks x on x.virtualtransaction = t.virtualtransaction and x.locktype = 'transactionid' and x.granted and x.mode = 'ExclusiveLock'
   where t.locktype = 'relation' and t.relation = 'app.tickets'::regclass and t.mode = 'RowExclusiveLock' and t.granted
     and t.database = (select d.oid from pg_database d where d.datname = current_database())
     and t.pid <> pg_backend_pid()
$$;

-- Whether one of these is still open.
create function app.any_still_open(p_writers bigint[])
  returns boolean
  language sql volatile
  set search_path = pg_catalog, pg_temp
as $$
  select p_writers <> '{}' and exists (
    select from pg_locks x
     where x.locktype = 'transactionid' and x.granted and x.mode = 'ExclusiveLock' and x.transactionid::text::bigint = any (p_writers))
$$;

-- Does a job on these tickets; answers how many it changed.
create function app.run_field_batch(p_job app.field_jobs, p_key text, p_ids bigint[])
  returns bigint
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_changed bigint;
  v_some bigint[];
begin
  if p_job.kind = 'move' then
    v_changed := autocrm.part_fields(p_ids, p_key);
    -- Values of restricted fields are not searchable.
    update app.search_documents d
       set document = app._search_join(app._search_head(t), ts_filter(d.document, '{c,d}'))
      from app.tickets t
     where t.id = any (p_ids) and d.ticket_id = t.id
       and (t.custom ? p_key or exists (
         select from app.ticket_field_values v where v.ticket_id = t.id and v.field_key = p_key));
    return v_changed + app.move_archived_words(p_ids, p_key);
  end if;
  execute format(
    'select array(select t.id from app.tickets t
       where t.id = any ($1) and t.deleted_at is null and not t.custom ? $2
         and not exists (select from app.ticket_field_values v where v.ticket_id = t.id and v.field_key = $2)
         and %s)',
    case when p_job.conditions is null then 'true' else autocrm.condition_sql(p_job.conditions) end)
    into v_some using p_ids, p_key;
  return autocrm.fill_field(v_some, p_key, p_job.value, p_job.id);
end
$$;

-- One batch: the next p_most tickets by id. A ticket that refuses is counted and reported, one that is locked is retried
-- in another pass; neither blocks the others.
create function app.run_field_job(p_job app.field_jobs, p_most integer)
  returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_job app.field_jobs := p_job;
  v_field app.custom_fields;
  v_ids bigint[];
  v_id bigint;
  v_changed bigint := 0;
  v_failed bigint := 0;
  v_failure app.failure;
begin
  select * into v_field from app.custom_fields where id = v_job.field_id;
  v_ids := array(
    select x.id
      from ((select t.id from app.tickets t where t.id > v_job.ticket_id and t.id <= v_job.last_id order by t.id limit p_most)
             union all
            (select a.id from app.archived_tickets a
              where v_job.kind = 'move' and a.id > v_job.ticket_id and a.id <= v_job.last_id order by a.id limit p_most)) x
     order by x.id limit p_most);
  begin
    v_changed := app.run_field_batch(v_job, v_field.key, v_ids);
  exception when others then
    if sqlstate like '40%' then
      raise;
    end if;
    -- One of them refuses: retried one by one, with a short lock timeout.
    perform set_config('lock_timeout', '100ms', true);
    foreach v_id in array v_ids
    loop
      begin
        v_changed := v_changed + app.run_field_batch(v_job, v_field.key, array[v_id]);
      exception
        when lock_not_available then
          v_job.writers := coalesce(v_job.writers, '{}') || app.ticket_writers();
        when others then
          get stacked diagnostics v_failure.code = returned_sqlstate, v_failure.message = message_text,
            v_failure.detail = pg_exception_detail, v_failure.hint = pg_exception_hint;
          if v_failure.code like '40%' then
            raise;
          end if;
          v_failed := v_failed + 1;
          v_job.problem := coalesce(v_job.problem,
            left(format('ticket %s: %s', v_id, coalesce(nullif(v_failure.detail, ''), v_failure.message)), 1000));
      end;
    end loop;
  end;
  v_job.status := 'running';
  v_job.done := v_job.done + cardinality(v_ids);
  v_job.changed := v_job.changed + v_changed;
  v_job.failed := v_job.failed + v_failed;
  v_job.ticket_id := coalesce(v_ids[cardinality(v_ids)], v_job.ticket_id);
  if cardinality(v_ids) < p_most then
    if v_job.writers <> '{}' then
      -- Another pass over all, once the writers that it skipped have ended.
      v_job.ticket_id := 0;
      v_job.done := 0;
      v_job.failed := 0;
    elsif v_job.kind = 'move' and v_job.failed > 0 then
      -- A move must be complete: tickets that refused are retried.
      perform app.note_failure('field_jobs', format('job %s', v_job.id), null, '{}',
        row(coalesce(v_failure.code, 'TK422'), coalesce(v_job.problem, 'a ticket refused'), null, null)::app.failure);
      v_job.ticket_id := 0;
      v_job.done := 0;
      v_job.failed := 0;
    else
      v_job.status := 'done';
      v_job.finished_at := autocrm.now();
      delete from app.set_aside s where s.worker = 'field_jobs' and s.item = format('job %s', v_job.id);
      if v_job.kind = 'move' and not app.is_restricted(v_field.visible_to) then
        update app.custom_fields set apart = false where id = v_field.id;
      end if;
    end if;
  end if;
  update app.field_jobs
     set status = v_job.status, finished_at = v_job.finished_at, problem = v_job.problem, ticket_id = v_job.ticket_id,
         done = v_job.done, changed = v_job.changed, failed = v_job.failed, writers = v_job.writers
   where id = v_job.id;
end
$$;

-- One round: a batch of the first job that can continue. Answers whether there may be more to do.
create function app.run_field_jobs(p_most integer)
  returns boolean
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_job app.field_jobs;
  v_failure app.failure;
begin
  -- New jobs: transactions that write tickets at this moment may do so by the old definition.
  update app.field_jobs j set writers = app.ticket_writers()
   where j.status = 'queued' and j.writers is null
     and j.id in (select q.id from app.field_jobs q where q.status = 'queued' and q.writers is null for no key update skip locked);
  -- Locks the field too: a change of it waits for the batch, and never for a lock that the batch holds.
  select j.* into v_job
    from app.field_jobs j
    join app.custom_fields f on f.id = j.field_id
   where j.status in ('queued', 'running') and j.writers is not null
     and not exists (
       select from app.set_aside s where s.worker = 'field_jobs' and s.item = format('job %s', j.id) and s.retry_at > autocrm.now())
     -- Most writers end within two seconds, after which a job starts anyway. Another pass starts only when all have
     -- ended.
     and (not app.any_still_open(j.writers) or j.status = 'running' and j.ticket_id > 0
          or j.status = 'queued' and clock_timestamp() not between j.created_at and j.created_at + interval '2 seconds')
   order by j.id limit 1 for no key update of j, f skip locked;
  if v_job.id is null then
    return false;
  end if;
  if v_job.ticket_id = 0 and not app.any_still_open(v_job.writers) then
    v_job.writers := '{}';
  end if;
  begin
    perform app.run_field_job(v_job, p_most);
  exception when others then
    get stacked diagnostics v_failure.code = returned_sqlstate, v_failure.message = message_text,
      v_failure.detail = pg_exception_detail, v_failure.hint = pg_exception_hint;
    perform app.note_failure('field_jobs', format('job %s', v_job.id), null, '{}', v_failure);
  end;
  return true;
end
$$;

-- Fields that were restricted before app.ticket_field_values existed.
do $$
begin
  perform app.move_field(f) from app.custom_fields f where app.is_restricted(f.visible_to) and not f.apart;
  update app.custom_fields set apart = true where app.is_restricted(visible_to) and not apart;
end
$$;

-- The statements, drops first, that create the indexes of filterable fields and drop all others. An invalid index was left
-- by a crash. Each field has one index for conditions, in the order of queues, and one in the order of its values within
-- each status, as pages read it. Texts are in the order of names, by the expression of api._ticket_order; an index in
-- another order is of no use.
create function app.field_index_statements()
  returns table (name text, statement text)
  language sql stable
  set search_path = pg_catalog, pg_temp
as $$
  with wanted as (
    select format('tickets_field_%s_%s_idx', f.id, k.kind) as name,
           format(case k.kind
             when 'value' then 'create index concurrently %I on app.tickets ((autocrm.sort_key(custom, %L) collate "C"), status_id, updated_at desc, id desc)'
             else 'create index concurrently %I on app.tickets (status_id, ' || case
               when w.words then '(coalesce(left(coalesce(custom -> %L, ''null'') #>> ''{}'', 200) collate app.names, ''''))'
               else '(coalesce(custom -> %L, ''null''))' end || ', id)' end,
             format('tickets_field_%s_%s_idx', f.id, k.kind), f.key) as statement,
           k.kind = 'order' and w.words as by_name
      from app.custom_fields f
     cross join (values ('value'), ('order')) k (kind)
     cross join lateral (select f.type in ('text', 'multiline', 'regex', 'url', 'email')) w (words)
     where f.filterable and f.active and not f.apart
  ), there as (
    select c.relname::text as name,
           i.indisvalid and not exists (
             select from wanted w
              where w.name = c.relname and c.relname like '%order%' and w.by_name <> (pg_get_indexdef(i.indexrelid) like '%COLLATE %names%')) as valid
      from pg_index i join pg_class c on c.oid = i.indexrelid
     where i.indrelid = 'app.tickets'::regclass and c.relname ~ '^tickets_field_[0-9]+_(value|order)_idx'
  )
  select s.name, s.statement
    from (
      select 1 as step, t.name, format('drop index concurrently app.%I', t.name) as statement
        from there t where not t.valid or t.name not in (select w.name from wanted w)
      union all
      select 2, w.name, w.statement
        from wanted w where w.name not in (select t.name from there t where t.valid)
    ) s
   order by s.step, s.name
$$;
