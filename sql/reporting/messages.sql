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
