-- Items that a worker could not process: retried when due, noted and cleared.

-- One round of retries; answers whether there may be more to do.
create function worker.retry_failed()
  returns boolean
  language sql volatile security definer
  set search_path = pg_catalog, pg_temp
  set lock_timeout = '300ms'
as $$
  select app.retry_failed(20) = 20
$$;

-- Sets an item aside, for workers outside of the database.
create function worker.note_failure(p_worker text, p_item text, p_code text, p_message text, p_detail text, p_hint text)
  returns void
  language sql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
  select app.note_failure(p_worker, p_item, null, '{}', row(p_code, p_message, p_detail, p_hint)::app.failure)
$$;

-- The items of a worker that are not due for a retry yet.
create function worker.failed_items(p_worker text)
  returns text[]
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
as $$
  select coalesce(array_agg(s.item), '{}') from app.set_aside s where s.worker = p_worker and s.retry_at > autocrm.now()
$$;

-- The items of a worker that are due for a retry.
create function worker.due_items(p_worker text)
  returns text[]
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
as $$
  select coalesce(array_agg(s.item order by s.retry_at), '{}') from app.set_aside s where s.worker = p_worker and s.retry_at <= autocrm.now()
$$;

-- Clears an item whose retry succeeded.
create function worker.clear_failure(p_worker text, p_item text)
  returns void
  language sql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
  delete from app.set_aside s where s.worker = p_worker and s.item = p_item
$$;
