-- Tasks of the background worker. An administrator pauses one by its row, and a paused one makes a round when it is wanted.
-- The rows come from here, so that a new task is in the list.

insert into app.worker_tasks (name, expected_seconds, optional)
select n, s, o
  from (values
    ('rules', 120, false), ('search', 120, false), ('metrics', 120, false), ('notifications', 120, false), ('field_jobs', 120, false), ('retention', 120, false), ('erasures', 120, false), ('retries', 120, false),
    ('bulk', 120, false), ('files', 300, false), ('watchdog', 120, false), ('indexes', 300, true), ('mail', 120, true),
    ('maintenance: partitions', 300, false), ('maintenance: idempotency_keys', 300, false), ('maintenance: log_in_attempts', 300, false),
    ('maintenance: sessions', 300, false), ('maintenance: tag_counts', 300, false), ('maintenance: ticket_counts', 300, false),
    ('maintenance: notifications', 300, false), ('maintenance: audit', 300, false), ('maintenance: trash', 300, false),
    ('maintenance: connections', 300, false), ('maintenance: waiting', 300, false), ('maintenance: books', 1800, false)) t (n, s, o)
on conflict (name) do update set expected_seconds = excluded.expected_seconds, optional = excluded.optional
 where (worker_tasks.expected_seconds, worker_tasks.optional) <> (excluded.expected_seconds, excluded.optional);

-- Rounds are no history.
create trigger tg_worker_tasks__500_audit after insert or delete or update of paused, wanted_at on app.worker_tasks
  for each row execute function autocrm.tg_audit();

grant select on app.worker_tasks to autocrm_admin;
grant update (paused) on app.worker_tasks to autocrm_admin;
create policy admins_read_the_workers_tasks on app.worker_tasks
  for select to autocrm_admin
  using ((select autocrm.actor_role()) = 'admin');
create policy admins_pause_the_workers_tasks on app.worker_tasks
  for update to autocrm_admin
  using ((select autocrm.actor_role()) = 'admin');
