-- Rounds of retention and of erasures.

-- One step; answers whether there may be more to do. Whatever is locked is left to another step at once: what this one has
-- locked by then, others may wait for.
create function worker.run_retention()
  returns boolean
  language sql volatile security definer
  set search_path = pg_catalog, pg_temp
  set lock_timeout = '20ms'
as $$
  select app.run_retention()
$$;

create function worker.run_erasures()
  returns boolean
  language sql volatile security definer
  set search_path = pg_catalog, pg_temp
  set lock_timeout = '300ms'
as $$
  select app.run_erasures()
$$;
