-- Notes of the staff about customers and organizations. What one agent knows all may know, correct and remove; history
-- keeps who did. Customers never read them.

create trigger tg_customer_notes__100_stamp before insert or update on app.customer_notes
  for each row execute function autocrm.tg_stamp();
create trigger tg_customer_notes__500_audit after insert or update or delete on app.customer_notes
  for each row execute function autocrm.tg_audit();

-- Its author is who adds it; it is about one of both, for good.
create function app.tg_customer_notes__begin()
  returns trigger
  language plpgsql volatile
  set search_path = ''
as $$
begin
  if num_nonnulls(new.user_id, new.organization_id) <> 1 then
    perform autocrm.fail('TK422', 'The note cannot be saved as it is', 'user_id: name a customer here or an organization in organization_id',
      'Name one of both.');
  end if;
  if new.user_id is not null and not exists (select from app.users u where u.id = new.user_id and u.role = 'customer') then
    perform autocrm.fail('TK422', 'The note cannot be saved as it is', format('user_id: there is no customer %s', new.user_id),
      'Notes are about customers and organizations; check the id.');
  end if;
  if new.organization_id is not null and not exists (select from app.organizations o where o.id = new.organization_id) then
    perform autocrm.fail('TK422', 'The note cannot be saved as it is', format('organization_id: there is no organization %s', new.organization_id),
      'Check the id.');
  end if;
  new.author_id := autocrm.actor_id();
  return new;
end
$$;
create trigger tg_customer_notes__150_begin before insert on app.customer_notes
  for each row execute function app.tg_customer_notes__begin();

-- A note may have many lines, but there is something to read in them.
create function app.note_problem(p_text text)
  returns text
  language sql immutable parallel safe
  set search_path = ''
as $$
  -- A constraint asks for more than blanks.
  select case when trim(p_text) <> '' and app.name_problem(p_text) = 'must not be empty' then 'must not be empty' end
$$;
grant execute on function app.note_problem(text) to autocrm_admin, autocrm_agent, autocrm_integration;

create function app.tg_customer_notes__text()
  returns trigger
  language plpgsql volatile
  set search_path = ''
as $$
begin
  perform autocrm.fail('TK422', 'The note cannot be saved as it is', 'body_text: ' || app.note_problem(new.body_text),
    'Write something, or remove the note.');
  return new;
end
$$;
create trigger tg_customer_notes__160_text before insert or update of body_text on app.customer_notes
  for each row when (app.note_problem(new.body_text) is not null) execute function app.tg_customer_notes__text();

-- One note of a customer is pinned: pinning another takes its place. Of two at once one waits for the other here, and then
-- takes its place. Definer: whoever writes notes of a customer need not have the right to lock them; whether the note may
-- be written the policies ask.
create function app.tg_customer_notes__pin()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform from app.users u where u.id = new.user_id for no key update;
  perform from app.organizations o where o.id = new.organization_id for no key update;
  update app.customer_notes n set pinned = false
   where n.pinned and n.id <> new.id
     and (n.user_id = new.user_id or n.organization_id = new.organization_id);
  return new;
end
$$;
create trigger tg_customer_notes__200_pin before insert or update of pinned on app.customer_notes
  for each row when (new.pinned) execute function app.tg_customer_notes__pin();

grant select on app.customer_notes to autocrm_admin, autocrm_agent, autocrm_integration;
grant insert (user_id, organization_id, body_text, pinned), update (body_text, pinned), delete on app.customer_notes
  to autocrm_admin, autocrm_agent, autocrm_integration;

create policy staff_read_notes_of_customers on app.customer_notes
  for select to autocrm_admin, autocrm_agent
  using ((select autocrm.actor_id()) is not null);
create policy keys_read_notes_of_customers on app.customer_notes
  for select to autocrm_integration
  using ((select autocrm.actor_has_scope('users:read')));
create policy staff_add_notes_of_customers on app.customer_notes
  for insert to autocrm_admin, autocrm_agent
  with check ((select autocrm.actor_id()) is not null);
create policy keys_add_notes_of_customers on app.customer_notes
  for insert to autocrm_integration
  with check ((select autocrm.actor_has_scope('users:write')));
create policy staff_change_notes_of_customers on app.customer_notes
  for update to autocrm_admin, autocrm_agent
  using ((select autocrm.actor_id()) is not null);
create policy keys_change_notes_of_customers on app.customer_notes
  for update to autocrm_integration
  using ((select autocrm.actor_has_scope('users:write')));
create policy staff_remove_notes_of_customers on app.customer_notes
  for delete to autocrm_admin, autocrm_agent
  using ((select autocrm.actor_id()) is not null);
create policy keys_remove_notes_of_customers on app.customer_notes
  for delete to autocrm_integration
  using ((select autocrm.actor_has_scope('users:write')));
