-- Bulk jobs that wait for the worker, which runs each as the person who asked for it.

-- The next job that waits, and the role and claims to run it with.
create function worker.waiting_bulk_job(p_after bigint)
  returns table (id bigint, role text, claims text)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
as $$
  select j.id, j.role::text, j.claims::text
    from app.bulk_jobs j
   where j.status in ('queued', 'running', 'undoing') and j.id > p_after
     and not exists (
       select from app.set_aside s where s.worker = 'bulk' and s.item = format('job %s', j.id) and s.retry_at > autocrm.now())
   order by j.id
   limit 1
$$;

-- Ends a job whose owner may no longer log in.
create function worker.end_bulk_job(p_id bigint, p_problem text)
  returns void
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  update app.bulk_items set state = 'skipped', problem = p_problem where job_id = p_id and state = 'pending';
  update app.bulk_jobs set status = case status when 'undoing' then 'undone' else 'cancelled' end::app.bulk_status, finished_at = autocrm.now()
   where id = p_id and status in ('queued', 'running', 'undoing');
end
$$;
