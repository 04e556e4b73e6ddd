-- Rounds of the search index.

-- One round; answers whether there may be more to do.
create function worker.run_search()
  returns boolean
  language sql volatile security definer
  set search_path = pg_catalog, pg_temp
  set lock_timeout = '300ms'
as $$
  select app.run_search(500) is not null or app.renew_search(100) > 0
$$;
