-- Jobs over the values of a field on every ticket: one batch a transaction, so that a worker may die at any moment
-- and another goes on where it stood.

create trigger tg_field_jobs__500_audit after insert or delete or update of status on app.field_jobs
  for each row execute function autocrm.tg_audit();

-- By no policy others meet none.
grant select on app.field_jobs to autocrm_admin, autocrm_agent, autocrm_integration;
create policy admins_read_field_jobs on app.field_jobs
  for select to autocrm_admin
  using ((select autocrm.actor_role()) = 'admin');

-- Definer: events are nobody's to write. Admins alone hear of it.
create function app.tg_field_jobs__tell()
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
create trigger tg_field_jobs__900_tell after insert or update on app.field_jobs
  for each row execute function app.tg_field_jobs__tell();
create policy admins_hear_of_field_jobs on app.events
  for select to autocrm_admin
  using (name = 'field.progress' and ticket_id is null and (select autocrm.actor_role()) = 'admin');

-- Begins to move the values of a field to where its definition says; what moved before goes no further.
create function app.move_field(p_field app.custom_fields)
  returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
begin
  update app.field_jobs set status = 'cancelled', finished_at = autocrm.now()
   where field_id = p_field.id and kind = 'move' and status in ('queued', 'running');
  insert into app.field_jobs (field_id, kind, last_id, total, created_by)
  -- To the very end: whoever began before it may still bring in a ticket by the old definition.
  select p_field.id, 'move', 9223372036854775807, count(*), autocrm.actor_id() from app.tickets t;
end
$$;

-- One batch: the next p_most tickets by id, those of them that it concerns. Answers whether there may be more to do.
create function app.run_field_jobs(p_most integer)
  returns boolean
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_job app.field_jobs;
  v_field app.custom_fields;
  v_ids bigint[];
  v_some bigint[];
  v_id bigint;
  v_changed bigint := 0;
  v_failed bigint := 0;
  v_message text;
  v_detail text;
begin
  -- The field too: whoever changes it waits for the batch, and never for a lock that it holds.
  select j.* into v_job
    from app.field_jobs j
    join app.custom_fields f on f.id = j.field_id
   where j.status in ('queued', 'running') and j.xid < pg_snapshot_xmin(pg_current_snapshot())
   order by j.id limit 1 for no key update of j, f skip locked;
  if v_job.id is null then
    return false;
  end if;
  select * into v_field from app.custom_fields where id = v_job.field_id;
  v_ids := array(select t.id from app.tickets t where t.id > v_job.ticket_id and t.id <= v_job.last_id order by t.id limit p_most);
  if v_job.kind = 'move' then
    v_changed := autocrm.part_fields(v_ids, v_field.key);
    -- Words of a field that some may not see are no words to find a ticket by.
    update app.search_documents d
       set document = ts_filter(d.document, '{c,d}') || app._search_head(t)
      from app.tickets t
     where t.id = any (v_ids) and d.ticket_id = t.id
       and (t.custom ? v_field.key or exists (
         select from app.ticket_field_values v where v.ticket_id = t.id and v.field_key = v_field.key));
  else
    execute format(
      'select array(select t.id from app.tickets t
         where t.id = any ($1) and t.deleted_at is null and not t.custom ? $2
           and not exists (select from app.ticket_field_values v where v.ticket_id = t.id and v.field_key = $2)
           and %s)',
      case when v_job.conditions is null then 'true' else autocrm.condition_sql(v_job.conditions) end)
      into v_some using v_ids, v_field.key;
    begin
      v_changed := autocrm.fill_field(v_some, v_field.key, v_job.value, v_job.id);
    exception
      -- The whole batch comes again.
      when deadlock_detected or serialization_failure or lock_not_available then
        raise;
      when others then
        -- One of them refuses: each by itself.
        foreach v_id in array v_some
        loop
          begin
            v_changed := v_changed + autocrm.fill_field(array[v_id], v_field.key, v_job.value, v_job.id);
          exception
            when deadlock_detected or serialization_failure or lock_not_available then
              raise;
            when others then
              get stacked diagnostics v_message = message_text, v_detail = pg_exception_detail;
              v_failed := v_failed + 1;
              v_job.problem := coalesce(v_job.problem, format('ticket %s: %s', v_id, coalesce(nullif(v_detail, ''), v_message)));
          end;
        end loop;
    end;
  end if;
  if cardinality(v_ids) < p_most then
    v_job.status := 'done';
    v_job.finished_at := autocrm.now();
    if v_job.kind = 'move' and not app.is_restricted(v_field.visible_to) then
      update app.custom_fields set apart = false where id = v_field.id;
    end if;
  else
    v_job.status := 'running';
  end if;
  update app.field_jobs
     set status = v_job.status, finished_at = v_job.finished_at, problem = v_job.problem,
         ticket_id = coalesce(v_ids[cardinality(v_ids)], ticket_id), done = done + cardinality(v_ids),
         changed = changed + v_changed, failed = failed + v_failed
   where id = v_job.id;
  return true;
end
$$;

-- Fields that were restricted before their values had a place of their own.
do $$
begin
  perform app.move_field(f) from app.custom_fields f where app.is_restricted(f.visible_to) and not f.apart;
  update app.custom_fields set apart = true where app.is_restricted(visible_to) and not apart;
end
$$;

-- What it takes to have the indexes of filterable fields, and no others: each statement for itself, drops first. An
-- index that is not valid was left by a crash. For each field one that finds values for conditions, in the order
-- that queues come in, and one in the order of its values; of each status, as pages are put together.
create function app.field_index_statements()
  returns table (statement text)
  language sql stable
  set search_path = pg_catalog, pg_temp
as $$
  with wanted as (
    select format('tickets_field_%s_%s_idx', f.id, k.kind) as name,
           format(case k.kind
             when 'value' then 'create index concurrently %I on app.tickets ((autocrm.sort_key(custom, %L) collate "C"), status_id, updated_at desc, id desc)'
             else 'create index concurrently %I on app.tickets (status_id, (coalesce(custom -> %L, ''null'')), id)' end,
             format('tickets_field_%s_%s_idx', f.id, k.kind), f.key) as statement
      from app.custom_fields f
     cross join (values ('value'), ('order')) k (kind)
     where f.filterable and f.active and not f.apart
  ), there as (
    select c.relname::text as name, i.indisvalid as valid
      from pg_index i join pg_class c on c.oid = i.indexrelid
     where i.indrelid = 'app.tickets'::regclass and c.relname ~ '^tickets_field_[0-9]+_(value|order)_idx'
  )
  select s.statement
    from (
      select 1 as step, t.name, format('drop index concurrently app.%I', t.name) as statement
        from there t where not t.valid or t.name not in (select w.name from wanted w)
      union all
      select 2, w.name, w.statement
        from wanted w where w.name not in (select t.name from there t where t.valid)
    ) s
   order by s.step, s.name
$$;
