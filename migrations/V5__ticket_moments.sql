-- Since when a ticket has its status and its assignee, and when its requester last wrote: what "hours since"
-- is counted from. NULL while there is no such moment.
alter table app.tickets
  add column status_at timestamptz,
  add column assigned_at timestamptz,
  add column requester_replied_at timestamptz;

-- What is known of the past; no change that anybody made, so neither audit nor events hear of it.
alter table app.tickets disable trigger user;
update app.tickets t
   set status_at = coalesce(t.closed_at, t.solved_at, t.created_at),
       assigned_at = case when t.assignee_id is not null then t.created_at end,
       requester_replied_at = greatest(t.created_at, (
         select max(m.created_at) from app.messages m where m.ticket_id = t.id and m.author_id = t.requester_id and m.kind = 'reply'));
alter table app.tickets enable trigger user;
