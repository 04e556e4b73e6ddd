-- What a person says of themselves: a signature below their replies, and why they are away.
alter table app.users
  add column signature text,
  add column availability_reason text,
  add constraint users_signature_max_4000 check (length(signature) <= 4000),
  add constraint users_availability_reason_max_200 check (length(availability_reason) <= 200);

-- A notification that needs nothing more.
alter table app.notifications add column done_at timestamptz;
