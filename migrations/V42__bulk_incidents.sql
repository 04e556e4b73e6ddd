-- A problem that a bulk job solves solves its incidents: which ones, as far as whoever asked for the job sees them.
alter table app.bulk_items
  add column incidents_solved bigint[],
  add column incidents_left bigint[];
comment on column app.bulk_items.incidents_solved is 'Incidents that were solved with this problem; NULL where it had none.';
comment on column app.bulk_items.incidents_left is 'Incidents of this problem that could not be solved; NULL where it had none.';
alter table app.bulk_jobs
  add column incidents_solved integer not null default 0,
  add column incidents_left integer not null default 0;
create index bulk_items_incidents_idx on app.bulk_items (job_id, ticket_id) where incidents_solved is not null;
