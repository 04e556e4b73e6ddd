-- Who may call what. Last, when every function stands. Which rows a call reaches is the policies' business.
revoke all on all functions in schema api from public;
grant usage on schema api to
  autocrm_admin, autocrm_agent, autocrm_integration, autocrm_customer, autocrm_analyst, autocrm_api;
grant select on all tables in schema api to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst;
grant execute on all functions in schema api to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_customer;

-- The API's own, before anybody is known.
revoke execute on function
  api._log_in(text, inet, jsonb), api._open_session(bigint, bigint, uuid, bytea, text), api._refresh_session(uuid, bytea, bytea),
  api._log_out(bytea, text[]), api._record_refusal(text, text, text, text), api._maintain(), api._maintain(text), api._run_rules(), api._run_search(), api._note_connected(bigint[]), api._note_disconnect(bigint, integer),
  api._use_api_key(text), api._empty_trash(), api._waiting_bulk_job(bigint), api._end_bulk_job(bigint, text)
  from autocrm_admin, autocrm_agent, autocrm_integration, autocrm_customer;
grant execute on function
  api._log_in(text, inet, jsonb), api._open_session(bigint, bigint, uuid, bytea, text), api._refresh_session(uuid, bytea, bytea),
  api._log_out(bytea, text[]), api._record_refusal(text, text, text, text), api._maintain(), api._maintain(text), api._run_rules(), api._run_search(), api._note_connected(bigint[]), api._note_disconnect(bigint, integer),
  api._use_api_key(text), api._empty_trash(), api._waiting_bulk_job(bigint), api._end_bulk_job(bigint, text)
  to autocrm_api;

-- Asked in the statement that says who acts, whose rights are looked at before it runs.
grant execute on function api._need_any_scope() to autocrm_api;

revoke execute on function api._run_field_jobs() from autocrm_admin, autocrm_agent, autocrm_integration, autocrm_customer;
grant execute on function api._run_field_jobs() to autocrm_api;

revoke execute on function api._run_notifications() from autocrm_admin, autocrm_agent, autocrm_integration, autocrm_customer;
grant execute on function api._run_notifications() to autocrm_api;

-- What is in the store, only who sees the bytes can say.
revoke execute on function
  api._finish_upload(bigint, bytea, bigint, text, integer, integer, boolean),
  api._sweep_uploads(), api._sweep_blobs(integer), api._strays(text[]), api._hold_stray(text)
  from autocrm_admin, autocrm_agent, autocrm_integration, autocrm_customer;
grant execute on function
  api._finish_upload(bigint, bytea, bigint, text, integer, integer, boolean),
  api._sweep_uploads(), api._sweep_blobs(integer), api._strays(text[]), api._hold_stray(text)
  to autocrm_api;

-- Only workers empty the outbox of e-mail.
revoke execute on function api._take_mail(), api._finish_mail(bigint, integer, text, boolean)
  from autocrm_admin, autocrm_agent, autocrm_integration, autocrm_customer;
grant execute on function api._take_mail(), api._finish_mail(bigint, integer, text, boolean) to autocrm_api;

-- The worker's: whoever stays too long at a prompt is ended.
revoke execute on function api._end_overdue() from autocrm_admin, autocrm_agent, autocrm_integration, autocrm_customer;
grant execute on function api._end_overdue() to autocrm_api;
-- What wakes live connections: they then ask for themselves.
revoke execute on function api._watch_presence(bigint[]), api._notified_since(bigint)
  from autocrm_admin, autocrm_agent, autocrm_integration, autocrm_customer;
grant execute on function api._watch_presence(bigint[]), api._notified_since(bigint) to autocrm_api;

-- What could not be done is the work loop's to tell.
revoke execute on function
  api._run_again(), api._put_aside(text, text, text, text, text, text), api._set_aside(text), api._done_at_last(text, text)
  from autocrm_admin, autocrm_agent, autocrm_integration, autocrm_customer;
grant execute on function
  api._run_again(), api._put_aside(text, text, text, text, text, text), api._set_aside(text), api._done_at_last(text, text)
  to autocrm_api;
-- A past is brought along by administrators who import.
revoke execute on function
  api._import_cells(jsonb, boolean), api._need_importer(), api._import_ticket(jsonb), api._import_links(jsonb)
  from autocrm_agent, autocrm_integration, autocrm_customer;
