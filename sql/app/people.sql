-- Merging two entries of one customer: users.merged_into_id is set, and the rest follows.

-- Definer: the caller may lack the right to change the target.
create function app.tg_users__check_merge()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_into app.users;
begin
  if old.merged_into_id is not null then
    -- When the target is merged later, its references move with it.
    if exists (select from app.users u where u.id = old.merged_into_id and u.merged_into_id = new.merged_into_id) then
      return new;
    end if;
    perform autocrm.fail('TK422', 'These users cannot be merged', format('id: was merged into user %s already', old.merged_into_id),
      format('Merge user %s instead.', old.merged_into_id));
  end if;
  -- Concurrent tickets of the old entry wait for this lock, and then go to the target.
  perform from app.users where id in (old.id, new.merged_into_id) order by id for update;
  select * into v_into from app.users where id = new.merged_into_id;
  if v_into.id is null or v_into.id = old.id or v_into.merged_into_id is not null or not v_into.active then
    perform autocrm.fail('TK422', 'These users cannot be merged', 'into: must be another customer, who is active', 'Name another user.');
  end if;
  if old.role <> 'customer' or new.role <> 'customer' or v_into.role <> 'customer' or old.pg_role is not null or v_into.pg_role is not null then
    perform autocrm.fail('TK422', 'These users cannot be merged',
      format('%s: is no customer', case when old.role = 'customer' and old.pg_role is null then 'into' else 'id' end), 'Only customers are merged.');
  end if;
  new.active := false;
  return new;
end
$$;
create trigger tg_users__200_check_merge before update on app.users
  for each row when (new.merged_into_id is distinct from old.merged_into_id)
  execute function app.tg_users__check_merge();

-- Definer: all their rows move, visible to the caller or not. Changes of tickets and messages are audited.
create function app.tg_users__merge()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_email text;
begin
  if old.merged_into_id is not null then
    return null;
  end if;
  update app.users set merged_into_id = new.merged_into_id where merged_into_id = new.id;
  update app.tickets set requester_id = new.merged_into_id where requester_id = new.id;
  update app.archived_tickets
     set requester_id = new.merged_into_id, document = jsonb_set(document, '{ticket,requester_id}', to_jsonb(new.merged_into_id))
   where requester_id = new.id;
  update app.messages set author_id = new.merged_into_id where author_id = new.id;
  update app.attachments set uploader_id = new.merged_into_id where uploader_id = new.id;
  -- Where both entries followed or were mentioned, one row is kept.
  delete from app.followers f
   where f.user_id = new.id
     and exists (select from app.followers k where k.ticket_id = f.ticket_id and k.user_id = new.merged_into_id);
  update app.followers set user_id = new.merged_into_id where user_id = new.id;
  delete from app.mentions m
   where m.user_id = new.id
     and exists (select from app.mentions k where k.message_id = m.message_id and k.user_id = new.merged_into_id);
  update app.mentions set user_id = new.merged_into_id where user_id = new.id;
  delete from app.drafts d
   where d.author_id = new.id and not d.overtaken
     and exists (
       select from app.drafts k
        where k.ticket_id = d.ticket_id and k.kind = d.kind and k.author_id = new.merged_into_id and not k.overtaken);
  update app.drafts set author_id = new.merged_into_id where author_id = new.id;
  -- Of two pinned notes the remaining person's stays pinned, and of two values of one name theirs stays.
  update app.customer_notes n
     set user_id = new.merged_into_id,
         pinned = n.pinned and not exists (select from app.customer_notes k where k.user_id = new.merged_into_id and k.pinned)
   where n.user_id = new.id;
  update app.users set custom = new.custom || custom where id = new.merged_into_id and not custom @> new.custom;
  perform app.follow_relations('user', new.id, new.merged_into_id);
  select email into v_email from app.users where id = new.merged_into_id;
  if v_email is not null then
    perform app.follow_name('email', new.email, v_email);
  else
    perform app.refuse_named(format('The user %s', new.email), app.named_by('email', new.email), 'Give the other user an e-mail address first.');
  end if;
  return null;
end
$$;
create trigger tg_users__600_merge after update on app.users
  for each row when (new.merged_into_id is distinct from old.merged_into_id)
  execute function app.tg_users__merge();

-- Only admins change ticket_access, also of customers.
create function app.tg_users__access()
  returns trigger
  language plpgsql volatile
  set search_path = ''
as $$
begin
  if autocrm.actor_role() <> 'admin' then
    raise exception using
      errcode = 'TK403', message = 'Only administrators say which tickets somebody sees', hint = 'Leave ticket_access as it is.';
  end if;
  return new;
end
$$;
create trigger tg_users__210_access before insert on app.users
  for each row when (new.ticket_access <> 'teams') execute function app.tg_users__access();
create trigger tg_users__211_access before update on app.users
  for each row when (new.ticket_access <> old.ticket_access) execute function app.tg_users__access();
