-- What happened to which ticket, to load changes from: without the values that changed, which may be restricted.
create view reporting.events with (security_invoker = true) as
select e.id, e.at, e.name, e.ticket_id, t.team_id, e.message_id, e.actor_id, e.xid
  from app.events e
  join app.tickets t on t.id = e.ticket_id;
comment on view reporting.events is
  'One row an event of a ticket the reader may see; none of tickets in the trash. Example: select name, count(*) from reporting.events group by 1 order by 2 desc';
comment on column reporting.events.id is 'Rises with every event of the same ticket; not without gaps.';
comment on column reporting.events.at is 'When it happened.';
comment on column reporting.events.name is 'What happened, such as ticket.created, ticket.updated, message.created.';
comment on column reporting.events.ticket_id is 'The ticket: reporting.tickets.id.';
comment on column reporting.events.team_id is 'The ticket''s team of today: reporting.teams.id.';
comment on column reporting.events.message_id is 'The message, when it is about one: reporting.messages.id.';
comment on column reporting.events.actor_id is 'Who did it; NULL for the desk itself.';
comment on column reporting.events.xid is 'Its transaction, to ask with pg_visible_in_snapshot() what is new since a snapshot.';
