-- Drafts of replies and notes: readable by their author alone.

-- Not audited: a draft is not sent, and the audit would show it to administrators. One that comes back from the archive is as
-- it was.
create trigger tg_drafts__100_stamp before insert or update on app.drafts
  for each row when (not autocrm.archives()) execute function autocrm.tg_stamp();
grant select, delete on app.drafts to autocrm_admin, autocrm_agent;
select app._grant_columns('{insert, update}', 'drafts', 'autocrm_admin, autocrm_agent');
-- Keys have the privilege, since they run the same queries, but no policy.
grant select, delete on app.drafts to autocrm_integration;
create policy authors_keep_their_drafts on app.drafts
  for all to autocrm_admin, autocrm_agent
  using (author_id = (select autocrm.actor_id()) and exists (select from app.tickets t where t.id = ticket_id))
  with check (author_id = (select autocrm.actor_id()) and exists (select from app.tickets t where t.id = ticket_id));

-- A draft is shown in a browser, so its HTML is sanitised.
create function app.tg_drafts__sanitize()
  returns trigger
  language plpgsql volatile
  set search_path = ''
as $$
begin
  if new.body_html is not null then
    new.body_html := autocrm.sanitize_html(new.body_html);
    new.body_text := autocrm.html_to_text(new.body_html);
  end if;
  return new;
end
$$;
create trigger tg_drafts__200_sanitize before insert or update on app.drafts
  for each row execute function app.tg_drafts__sanitize();

-- What waits with a draft is its author's own, as when it is saved over REST: an id would tell whether there is such a
-- file. What was attached since stays in the list until the draft is sent or written again.
create function app.tg_drafts__attachments()
  returns trigger
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_problems text[];
begin
  if tg_op = 'UPDATE' then
    if new.attachment_ids = old.attachment_ids then
      return new;
    end if;
  end if;
  v_problems := app.foreign_attachments(new.attachment_ids, new.author_id);
  if v_problems <> '{}' then
    perform autocrm.fail('TK422', 'The draft cannot be kept as it is', array_to_string(v_problems, e'\n'), 'Name uploads of your own.');
  end if;
  return new;
end
$$;
create trigger tg_drafts__210_attachments before insert or update of attachment_ids on app.drafts
  for each row when (new.attachment_ids <> '{}' and not autocrm.archives()) execute function app.tg_drafts__attachments();

-- What was written over is kept for the words that stand nowhere else: not when the draft, or one that was written over
-- later, has them too. The newest five are kept, whoever writes them.
create function app.tg_drafts__overtaken()
  returns trigger
  language plpgsql volatile
  set search_path = ''
as $$
begin
  delete from app.drafts d
   where d.ticket_id = new.ticket_id and d.author_id = new.author_id and d.kind = new.kind and d.overtaken
     and (exists (
            select from app.drafts n
             where n.ticket_id = d.ticket_id and n.author_id = d.author_id and n.kind = d.kind
               and (not n.overtaken or n.id > d.id)
               and d.attachment_ids <@ n.attachment_ids
               -- A picture stands in the HTML alone.
               and case when d.body_html like '%<img%' then d.body_html = n.body_html
                        else position(d.body_text in n.body_text) > 0 end)
          or d.id not in (
            select o.id from app.drafts o
             where o.ticket_id = d.ticket_id and o.author_id = d.author_id and o.kind = d.kind and o.overtaken
             order by o.id desc limit 5));
  return null;
end
$$;
create trigger tg_drafts__300_overtaken after insert or update on app.drafts
  for each row when (not autocrm.archives()) execute function app.tg_drafts__overtaken();
