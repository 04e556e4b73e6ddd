-- Messages: as visible as their ticket; internal notes never to customers, nor to keys without notes:read.

create trigger tg_messages__200_prepare before insert or update on app.messages
  for each row execute function autocrm.tg_messages__prepare();
create trigger tg_messages__500_record after insert or update or delete on app.messages
  for each row execute function autocrm.tg_messages__record();

-- A message has text or an attachment. Checked at the end of the transaction, since files are attached to existing
-- messages; the opening message of a ticket may be empty. Definer: rows that the writer may not read count too.
create function app.tg_messages__says_something()
  returns trigger
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  if exists (select from app.messages m where m.id = new.id and m.created_at = new.created_at and m.body_text !~ '[^[:space:]]')
     and not exists (select from app.attachments a where a.message_id = new.id)
     and exists (select from app.messages o where o.ticket_id = new.ticket_id and (o.created_at, o.id) < (new.created_at, new.id)) then
    perform autocrm.fail('TK422', 'The message cannot be sent as it is', 'body_text: is empty; write something before sending',
      'Write the message, or attach a file, and send it again.');
  end if;
  return null;
end
$$;
create constraint trigger tg_messages__550_says_something after insert or update of body_text on app.messages
  deferrable initially deferred
  for each row when (new.kind <> 'system' and new.body_text !~ '[^[:space:]]' and not autocrm.archives())
  execute function app.tg_messages__says_something();

grant select on app.messages to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst, autocrm_customer;
grant insert (id, ticket_id, kind, author_id, body_text, body_html, channel, created_at) on app.messages
  to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_customer;
-- First of all triggers: later ones rely on the author, for example to find the ticket that a reply belongs to.
create trigger tg_messages__100_given before insert on app.messages
  for each row execute function autocrm.tg_given('messages');
-- Authors edit only the text, within the minutes of a setting.
grant update (body_text, body_html) on app.messages to autocrm_admin, autocrm_agent;

-- Limited to visible tickets, and those merged into one, by the restrictive policies in visibility.sql.
create policy staff_read_messages_of_their_tickets on app.messages
  for select to autocrm_admin, autocrm_agent, autocrm_analyst
  using ((select autocrm.actor_id()) is not null);
create policy keys_read_messages on app.messages
  for select to autocrm_integration
  using (
    kind = 'reply' or (select autocrm.actor_has_scope('notes:read'))
  );
create policy customers_read_replies on app.messages
  for select to autocrm_customer
  using (kind = 'reply');

create policy staff_write_as_themselves on app.messages
  for insert to autocrm_admin, autocrm_agent
  with check (
    kind <> 'system'
    and author_id = (select autocrm.actor_id())
    and exists (select from app.tickets t where t.id = ticket_id)
  );
create policy keys_write_within_scope on app.messages
  for insert to autocrm_integration
  with check (
    kind <> 'system'
    and (select autocrm.actor_has_scope('tickets:write'))
    and (kind = 'reply' or (select autocrm.actor_has_scope('notes:write')))
    and author_id = (select autocrm.actor_id())
    and exists (select from app.tickets t where t.id = ticket_id)
  );
create policy customers_reply_to_their_tickets on app.messages
  for insert to autocrm_customer
  with check (
    kind = 'reply'
    and author_id = (select autocrm.actor_id())
    and exists (select from app.tickets t where t.id = ticket_id)
  );
create policy authors_edit_their_messages_for_a_while on app.messages
  for update to autocrm_admin, autocrm_agent
  using (
    kind <> 'system'
    and author_id = (select autocrm.actor_id())
    and created_at > (select autocrm.now() - make_interval(mins => s.message_edit_minutes) from app.settings s)
    and exists (select from app.tickets t where t.id = ticket_id)
  );
