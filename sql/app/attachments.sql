-- Attachments are as visible as the message they belong to; an upload is its uploader's alone until then.
create trigger tg_attachments__500_audit after insert or update or delete on app.attachments
  for each row execute function autocrm.tg_audit();

grant select on app.attachments to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_customer, autocrm_analyst;
-- Content and size are the API's to say, who has seen the bytes: who could name a hash would own the file.
grant insert (uploader_id, name, media_type) on app.attachments to autocrm_admin, autocrm_agent, autocrm_integration;
grant update (ticket_id, message_id, message_at, inline) on app.attachments to autocrm_admin, autocrm_agent, autocrm_integration;
grant delete on app.attachments to autocrm_admin, autocrm_agent, autocrm_integration;

-- The sub-select runs under the reader's own view of app.messages: a note's files are as internal as it.
create policy readers_of_a_message_read_its_attachments on app.attachments
  for select to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_customer, autocrm_analyst
  using (exists (select from app.messages m where m.id = message_id and m.created_at = message_at));
create policy uploaders_read_what_waits on app.attachments
  for select to autocrm_admin, autocrm_agent, autocrm_integration
  using (message_id is null and uploader_id = (select autocrm.actor_id()));
create policy staff_upload_as_themselves on app.attachments
  for insert to autocrm_admin, autocrm_agent
  with check (uploader_id = (select autocrm.actor_id()) and message_id is null);
create policy keys_upload_within_scope on app.attachments
  for insert to autocrm_integration
  with check (
    (select autocrm.actor_has_scope('tickets:write')) and uploader_id = (select autocrm.actor_id()) and message_id is null);
-- To one's own message, or to the opening of a ticket that this transaction makes for its requester.
create policy authors_attach_what_they_uploaded on app.attachments
  for update to autocrm_admin, autocrm_agent, autocrm_integration
  using (message_id is null and sha256 is not null and uploader_id = (select autocrm.actor_id()))
  with check (
    (select autocrm.actor_has_scope('tickets:write'))
    and uploader_id = (select autocrm.actor_id())
    and exists (
      select from app.messages m
       where m.id = message_id and m.created_at = message_at and m.ticket_id = attachments.ticket_id
         and (m.author_id = (select autocrm.actor_id())
              or autocrm.has_written(m.ticket_id) and m.created_at = (select autocrm.now())))
  );
create policy uploaders_discard_what_waits on app.attachments
  for delete to autocrm_admin, autocrm_agent, autocrm_integration
  using (message_id is null and uploader_id = (select autocrm.actor_id()));

-- As for words: admins, and agents who may.
create function app.may_redact()
  returns boolean
  language sql stable
  set search_path = ''
as $$
  select autocrm.actor_api_key_id() is null and exists (
    select from app.users u
     where u.id = autocrm.actor_id() and u.active and (u.role = 'admin' or u.role = 'agent' and u.may_redact))
$$;
comment on function app.may_redact() is 'Whether who acts may take words and files out of messages.';
grant execute on function app.may_redact() to autocrm_admin, autocrm_agent;
create policy redactors_remove_attachments on app.attachments
  for delete to autocrm_admin, autocrm_agent
  using (
    exists (select from app.messages m where m.id = message_id and m.created_at = message_at)
    and (select app.may_redact()));
