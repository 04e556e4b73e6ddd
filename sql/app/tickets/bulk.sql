-- Bulk jobs and their progress.

-- Only changes of the status are audited, not the counters of progress.
create trigger tg_bulk_jobs__500_audit after insert or delete or update of status on app.bulk_jobs
  for each row execute function autocrm.tg_audit();

-- Definer: no role writes events. Progress is visible to everybody at the desk, since subscribers who see the same tickets
-- share one read of the events; it names no ticket.
create function app.tg_bulk_jobs__notify()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  insert into app.events (at, name, actor_id, data)
  values (autocrm.now(), 'bulk.progress', new.created_by, jsonb_build_object(
    'job_id', new.id, 'status', new.status, 'total', new.total, 'done', new.done, 'failed', new.failed,
    'undone', new.undone, 'kept', new.kept));
  return null;
end
$$;
create trigger tg_bulk_jobs__900_notify after insert or update on app.bulk_jobs
  for each row execute function app.tg_bulk_jobs__notify();
create policy everyone_at_the_desk_hears_of_bulk_jobs on app.events
  for select to autocrm_admin, autocrm_agent, autocrm_integration
  using (name = 'bulk.progress' and ticket_id is null and (select autocrm.actor_id()) is not null);

-- Callers see their own jobs, which only the functions of api/tickets/bulk.sql and bulk_items.sql write.
grant select (id, action, body, status, total, done, failed, undone, kept, incidents_solved, incidents_left, created_by, created_at, finished_at)
  on app.bulk_jobs to autocrm_admin, autocrm_agent, autocrm_integration;
grant select on app.bulk_items to autocrm_admin, autocrm_agent, autocrm_integration;
create policy people_read_their_bulk_jobs on app.bulk_jobs
  for select to autocrm_admin, autocrm_agent, autocrm_integration
  using (created_by = (select autocrm.actor_id()));
create policy people_read_the_items_of_their_bulk_jobs on app.bulk_items
  for select to autocrm_admin, autocrm_agent, autocrm_integration
  using (exists (select from app.bulk_jobs j where j.id = job_id));
