-- Until when somebody has read a ticket: what its requester writes later is unread for them.
create table app.ticket_reads (
  user_id bigint not null references app.users (id) on delete cascade,
  ticket_id bigint not null references app.tickets (id) on delete cascade,
  -- -infinity: marked as unread.
  read_at timestamptz not null,
  primary key (user_id, ticket_id)
);
create index ticket_reads_ticket_idx on app.ticket_reads (ticket_id);
alter table app.ticket_reads enable row level security;
comment on table app.ticket_reads is 'Until when a person has read a ticket; without a row they never did.';

-- A bulk job may apply a macro to each ticket.
alter table app.bulk_jobs drop constraint bulk_jobs_action_check;
alter table app.bulk_jobs add constraint bulk_jobs_action_check check (action in ('update', 'macro', 'merge', 'delete', 'restore'));
