-- How many tickets there are of each kind that queues are made of is the sum of rows: writers add rows and wait for
-- nobody, maintenance folds them. Tickets in the trash are not counted.
create table app.ticket_counts (
  status_id bigint not null,
  priority_id bigint not null,
  team_id bigint,
  assignee_id bigint,
  tickets bigint not null
);
insert into app.ticket_counts (status_id, priority_id, team_id, assignee_id, tickets)
select status_id, priority_id, team_id, assignee_id, count(*) from app.tickets where deleted_at is null group by 1, 2, 3, 4;
alter table app.ticket_counts enable row level security;

-- Whole rows identify what a logical replica deletes: there is no key, and none is looked up by one.
alter table app.ticket_counts replica identity full;

-- Lists of what nobody has: Postgres does not read an index in order behind IS NULL.
create index tickets_unassigned_updated_idx on app.tickets (status_id, updated_at, id) where assignee_id is null;
create index tickets_without_team_updated_idx on app.tickets (status_id, updated_at, id) where team_id is null;
