-- Two entries of one person: the one that was merged points to the one that is kept.
alter table app.users
  add column merged_into_id bigint references app.users (id),
  add constraint users_merged_check check (merged_into_id is null or not active and merged_into_id <> id);
create index users_merged_into_idx on app.users (merged_into_id) where merged_into_id is not null;
