-- Rounds of the jobs over custom fields.

-- The worker's round; answers whether there may be more to do. Definer: jobs act for the desk, and see every ticket.
create function worker.run_field_jobs()
  returns boolean
  language sql volatile security definer
  set search_path = pg_catalog, pg_temp
  -- Whoever holds a ticket longer than this keeps it; the batch comes again.
  set lock_timeout = '2s'
as $$
  select app.run_field_jobs(500)
$$;
