-- Triggers on the search index: what is removed, redacted or renamed is so in the index at once.

-- Definer, as those below: only the owner writes documents.
create function app.tg_tickets__search()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  delete from app.search_documents where ticket_id = old.id;
  return null;
end
$$;
create trigger tg_tickets__600_search after delete on app.tickets
  for each row execute function app.tg_tickets__search();

-- Rebuilds a document from a trigger. A failure does not refuse the write: the document is deleted, so that redacted words
-- are not found, and the ticket is set aside.
create function app._search_anew(p_ticket_id bigint)
  returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_failure app.failure;
begin
  perform app._search_rebuild(t) from app.tickets t where t.id = p_ticket_id;
exception when others then
  get stacked diagnostics v_failure.code = returned_sqlstate, v_failure.message = message_text,
    v_failure.detail = pg_exception_detail, v_failure.hint = pg_exception_hint;
  perform app.note_failure('search', format('ticket %s', p_ticket_id), p_ticket_id, '{}', v_failure);
  delete from app.search_documents where ticket_id = p_ticket_id;
end
$$;

create function app.tg_messages__search()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  if exists (select from app.search_documents where ticket_id = old.ticket_id) then
    perform app._search_anew(old.ticket_id);
  end if;
  return null;
end
$$;
create trigger tg_messages__600_search after update of body_text, kind or delete on app.messages
  for each row execute function app.tg_messages__search();

-- Tickets in the trash are not found; restored ones are.
create function app.tg_tickets__search_trash()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform app._search_anew(new.id);
  return null;
end
$$;
create trigger tg_tickets__610_search_trash after update on app.tickets
  for each row when ((old.deleted_at is null) <> (new.deleted_at is null)) execute function app.tg_tickets__search_trash();

-- Files that are attached with their message are indexed with it; later changes are indexed at once.
create function app.tg_attachments__search()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  if exists (select from app.search_documents where ticket_id = coalesce(old.ticket_id, new.ticket_id)) then
    perform app._search_anew(x) from unnest(array[old.ticket_id, new.ticket_id]) x where x is not null group by x;
  end if;
  return null;
end
$$;
create trigger tg_attachments__600_search after delete on app.attachments
  for each row when (old.ticket_id is not null) execute function app.tg_attachments__search();
create trigger tg_attachments__610_search after update on app.attachments
  for each row when (old.message_id is distinct from new.message_id and new.message_at is distinct from autocrm.now()
                     or new.message_id is not null and old.name <> new.name)
  execute function app.tg_attachments__search();

-- Renamed requesters are found by the new name.
create function app.tg_users__search()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  begin
    update app.search_documents d
       set document = app._search_join(app._search_head(t), ts_filter(d.document, '{c,d}'))
      from app.tickets t
     where t.requester_id = new.id and d.ticket_id = t.id;
  exception when others then
    if app.is_transient(sqlstate) then
      raise;
    end if;
    -- One of them fails: rebuilt one by one.
    perform app._search_anew(d.ticket_id)
       from app.search_documents d join app.tickets t on t.id = d.ticket_id where t.requester_id = new.id;
  end;
  return null;
end
$$;
create trigger tg_users__600_search after update on app.users
  for each row when ((old.name, old.email) is distinct from (new.name, new.email))
  execute function app.tg_users__search();
