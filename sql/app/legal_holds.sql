-- Legal holds: while one lasts, nothing of its ticket, person or organization is deleted, anonymised, redacted or erased, by
-- whatever way. For administrators alone: a reason tells of a case.

create trigger tg_legal_holds__100_stamp before insert or update on app.legal_holds
  for each row execute function autocrm.tg_stamp();
create trigger tg_legal_holds__500_audit after insert or update or delete on app.legal_holds
  for each row execute function autocrm.tg_audit();

create function app.tg_legal_holds__begin()
  returns trigger
  language plpgsql volatile security definer -- Tickets in the trash are held too.
  set search_path = pg_catalog, pg_temp
as $$
begin
  if autocrm.archives() then
    return new;
  end if;
  if num_nonnulls(new.ticket_id, new.user_id, new.organization_id) <> 1 then
    perform autocrm.fail('TK422', 'The hold cannot be placed as it is', 'ticket_id: name a ticket here, or a person in user_id, or an organization in organization_id',
      'Name one of the three.');
  end if;
  -- Nobody who has just seen that there is no hold goes on: what is to be deleted is locked, and so is waited for.
  perform from app.tickets t where t.id = new.ticket_id for key share;
  if new.ticket_id is not null and not found then
    perform autocrm.fail('TK422', 'The hold cannot be placed as it is', format('ticket_id: there is no ticket %s', new.ticket_id), 'Check the id.');
  end if;
  if new.user_id is not null and not exists (select from app.users u where u.id = new.user_id) then
    perform autocrm.fail('TK422', 'The hold cannot be placed as it is', format('user_id: there is no user %s', new.user_id), 'Check the id.');
  end if;
  if new.organization_id is not null and not exists (select from app.organizations o where o.id = new.organization_id) then
    perform autocrm.fail('TK422', 'The hold cannot be placed as it is', format('organization_id: there is no organization %s', new.organization_id), 'Check the id.');
  end if;
  -- What the entry had belongs to the one that it was merged into.
  new.user_id := coalesce((select u.merged_into_id from app.users u where u.id = new.user_id), new.user_id);
  new.placed_by := autocrm.actor_id();
  return new;
end
$$;
create trigger tg_legal_holds__200_begin before insert on app.legal_holds
  for each row execute function app.tg_legal_holds__begin();

grant select, delete on app.legal_holds to autocrm_admin;
grant insert (name, reason, ticket_id, user_id, organization_id, until), update (name, reason, until) on app.legal_holds to autocrm_admin;
create policy admins_hold on app.legal_holds
  for all to autocrm_admin
  using ((select autocrm.actor_role()) = 'admin')
  with check ((select autocrm.actor_role()) = 'admin');

-- The holds on a ticket, by name: its own, those of its organization, and those of its requester, of whoever wrote on it, and
-- of whoever gets a copy. NULL without one.
create function app.hold_of_ticket(p_ticket_id bigint)
  returns text
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
as $$
begin
  if not exists (select from app.legal_holds h where h.until is null or h.until > autocrm.now()) then
    return null;
  end if;
  return (
    select string_agg(format('%s (hold %s)', h.name, h.id), ', ' order by h.id)
      from app.tickets t
      join app.users u on u.id = t.requester_id
      join app.legal_holds h
        on h.ticket_id = t.id or h.user_id = t.requester_id or h.organization_id in (t.organization_id, u.organization_id)
        -- Its messages belong to the ticket that it was merged into.
        or exists (select from app.ticket_links l where l.ticket_id = t.id and l.kind = 'merged' and l.other_id = h.ticket_id)
        or h.user_id is not null and (
             exists (select from app.followers f where f.ticket_id = t.id and f.user_id = h.user_id)
             or exists (select from app.messages m where m.ticket_id = t.id and m.author_id = h.user_id))
     where t.id = p_ticket_id and (h.until is null or h.until > autocrm.now()));
end
$$;

-- Whether an audit row is of a ticket under a hold.
create function app.is_held_audit(p_table name, p_key text)
  returns boolean
  language sql stable
  set search_path = pg_catalog, pg_temp
as $$
  select case p_table
    when 'tickets' then app.hold_of_ticket(p_key::bigint)
    when 'ticket_field_values' then app.hold_of_ticket(split_part(p_key, ',', 1)::bigint)
    when 'messages' then (select app.hold_of_ticket(m.ticket_id) from app.messages m where m.id = p_key::bigint)
    when 'attachments' then (select app.hold_of_ticket(a.ticket_id) from app.attachments a where a.id = p_key::bigint)
    end is not null
$$;

-- The holds on people: their own, those of their organizations, and those on tickets that they asked for or follow.
create function app.hold_of_people(p_ids bigint[])
  returns text
  language sql stable
  set search_path = pg_catalog, pg_temp
as $$
  select string_agg(format('%s (hold %s)', h.name, h.id), ', ' order by h.id)
    from app.legal_holds h
   where (h.until is null or h.until > autocrm.now())
     and (h.user_id = any (p_ids)
          or h.organization_id in (select u.organization_id from app.users u where u.id = any (p_ids))
          or h.organization_id in (select t.organization_id from app.tickets t where t.requester_id = any (p_ids))
          or h.organization_id in (select a.organization_id from app.archived_tickets a where a.requester_id = any (p_ids))
          or h.ticket_id in (select t.id from app.tickets t where t.requester_id = any (p_ids))
          or h.ticket_id in (select f.ticket_id from app.followers f where f.user_id = any (p_ids))
          or h.ticket_id in (select m.ticket_id from app.messages m where m.ticket_id = h.ticket_id and m.author_id = any (p_ids)))
$$;

create function app.refuse_held(p_what text, p_held text)
  returns void
  language plpgsql stable
  set search_path = ''
as $$
begin
  if p_held is not null then
    -- Others are not told which case it is.
    perform autocrm.fail('TK409', format('%s stays as it is: a legal hold is on it', p_what)
      || case when autocrm.actor_role() = 'admin' or autocrm.actor_id() is null then ', ' || p_held else '' end,
      null, 'Wait until the hold has ended, or ask an administrator to remove it.');
  end if;
end
$$;

-- Definer: holds are for administrators.
create function app.tg_tickets__held()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform app.refuse_held(format('Ticket %s', old.id), app.hold_of_ticket(old.id));
  return case tg_op when 'DELETE' then old else new end;
end
$$;
create trigger tg_tickets__110_held before delete on app.tickets
  for each row execute function app.tg_tickets__held();
-- Given to somebody else it would slip out of the hold of its requester or organization.
create trigger tg_tickets__111_held before update on app.tickets
  for each row when (old.requester_id <> new.requester_id or old.organization_id is distinct from new.organization_id)
  execute function app.tg_tickets__held();

create function app.tg_messages__held()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform app.refuse_held(format('Ticket %s', old.ticket_id), app.hold_of_ticket(old.ticket_id));
  return case tg_op when 'DELETE' then old else new end;
end
$$;
create trigger tg_messages__110_held before update on app.messages
  for each row when (new.redacted_at is distinct from old.redacted_at) execute function app.tg_messages__held();
create trigger tg_attachments__110_held before delete on app.attachments
  for each row when (old.ticket_id is not null) execute function app.tg_messages__held();

create function app.tg_users__held()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform app.refuse_held(format('User %s', old.id), app.hold_of_people(array[old.id]));
  return case tg_op when 'DELETE' then old else new end;
end
$$;
create trigger tg_users__110_held before delete on app.users
  for each row execute function app.tg_users__held();
create trigger tg_users__111_held before update on app.users
  for each row when (old.merged_into_id is distinct from new.merged_into_id or old.organization_id is distinct from new.organization_id)
  execute function app.tg_users__held();

-- A ticket would slip out of the hold of somebody who gets a copy.
create function app.tg_followers__held()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform app.refuse_held(format('Ticket %s', old.ticket_id), (
    select string_agg(format('%s (hold %s)', h.name, h.id), ', ' order by h.id) from app.legal_holds h
     where h.user_id = old.user_id and (h.until is null or h.until > autocrm.now())));
  return old;
end
$$;
create trigger tg_followers__110_held before delete on app.followers
  for each row execute function app.tg_followers__held();

create function app.tg_organizations__held()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform app.refuse_held(format('Organization %s', old.id), (
    select string_agg(format('%s (hold %s)', h.name, h.id), ', ' order by h.id) from app.legal_holds h
     where h.organization_id = old.id and (h.until is null or h.until > autocrm.now())));
  return old;
end
$$;
create trigger tg_organizations__110_held before delete on app.organizations
  for each row execute function app.tg_organizations__held();
