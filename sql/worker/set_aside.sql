-- Items that a worker could not process: retried when due, noted and cleared.

-- One round of retries; answers whether there may be more to do.
create function worker.run_again()
  returns boolean
  language sql volatile security definer
  set search_path = pg_catalog, pg_temp
  set lock_timeout = '300ms'
as $$
  select app.run_again(20) = 20
$$;

-- Sets an item aside, for workers outside of the database.
create function worker.put_aside(p_worker text, p_item text, p_code text, p_message text, p_detail text, p_hint text)
  returns void
  language sql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
  select app.put_aside(p_worker, p_item, null, '{}', row(p_code, p_message, p_detail, p_hint)::app.failure)
$$;

-- The items of a worker that are not due for a retry yet.
create function worker.set_aside(p_worker text)
  returns text[]
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
as $$
  select coalesce(array_agg(s.item), '{}') from app.set_aside s where s.worker = p_worker and s.retry_at > autocrm.now()
$$;

-- Clears an item whose retry succeeded.
create function worker.done_at_last(p_worker text, p_item text)
  returns void
  language sql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
  delete from app.set_aside s where s.worker = p_worker and s.item = p_item
$$;
