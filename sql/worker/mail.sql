-- Taking e-mails from the outbox, and noting their delivery.

create function worker.take_mail()
  returns json
  language sql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
  select app.take_mail()
$$;

create function worker.finish_mail(p_id bigint, p_attempt integer, p_error text, p_final boolean)
  returns text
  language sql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
  select app.finish_mail(p_id, p_attempt, p_error, p_final)::text
$$;
