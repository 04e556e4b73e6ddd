-- An import is known by what its file holds, so that another file of the same name is another import.
alter table app.imports
  drop constraint imports_source_key,
  add column digest bytea unique,
  add column known bigint not null default 0,
  add column earlier bigint not null default 0;
comment on column app.imports.digest is 'SHA-256 over the bytes of the file and its map; null for imports before 0.3.0, which go by their name.';
comment on column app.imports.known is 'Rows whose tickets were there already.';
comment on column app.imports.earlier is 'Rows that told an earlier state of a ticket.';

-- Answers that were kept for a repeated request must not hold what is shown once.
update app.idempotency_keys set response = (response::jsonb - 'key')::json where operation = 'POST /api/api-keys';
