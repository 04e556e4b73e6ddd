-- Who wrote how much and when; the words themselves stay in api.messages.
create view reporting.messages with (security_invoker = true) as
select m.id, m.ticket_id, t.team_id, m.kind, m.channel, m.author_id, u.role as author_role,
       length(m.body_text) as characters, m.created_at
  from app.messages m
  join app.tickets t on t.id = m.ticket_id
  left join app.users u on u.id = m.author_id
 where t.deleted_at is null;
comment on view reporting.messages is
  'One row a message of a ticket the reader may see, without its text. Example: select author_role, count(*) from reporting.messages group by 1';
comment on column reporting.messages.id is 'Number of the message.';
comment on column reporting.messages.ticket_id is 'Its ticket: reporting.tickets.id.';
comment on column reporting.messages.team_id is 'The ticket''s team of today: reporting.teams.id; NULL without one.';
comment on column reporting.messages.kind is 'reply, note or system; the first words of a ticket are a reply of its requester.';
comment on column reporting.messages.channel is 'How it was written, such as email, web or api.';
comment on column reporting.messages.author_id is 'Who wrote it: app.users.id; NULL for the desk itself.';
comment on column reporting.messages.author_role is 'admin, agent or customer; NULL for the desk itself.';
comment on column reporting.messages.characters is 'Length of its text.';
comment on column reporting.messages.created_at is 'When it was written.';
