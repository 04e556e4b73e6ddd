-- Rounds of the jobs over custom fields.

-- One round; answers whether there may be more to do. Jobs act for the desk, and see every ticket.
create function worker.run_field_jobs()
  returns boolean
  language sql volatile security definer
  set search_path = pg_catalog, pg_temp
  -- When a ticket is locked for longer, the batch is retried.
  set lock_timeout = '2s'
as $$
  select app.run_field_jobs(500)
$$;
