-- Rounds of the metrics.

-- One round; answers whether there may be more to do. Definer: it counts tickets of all teams.
create function worker.run_metrics()
  returns boolean
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
  set lock_timeout = '300ms'
as $$
declare
  v_more boolean := app.run_metrics(500) is not null;
begin
  return app.run_metric_rebuild(500) > 0 or v_more;
end
$$;
