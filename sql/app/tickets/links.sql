-- Links between tickets and their effects: a merge closes its source, a solved problem solves its incidents.

-- With the caller's rights: a ticket that they cannot see does not exist. Rows are locked in the order of ids, so that of
-- two opposite merges one waits, and then finds a closed ticket.
create function app.tg_ticket_links__check()
  returns trigger
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_closed record;
  v_id bigint;
begin
  -- A link that comes back with a ticket from the archive.
  if autocrm.archives() then
    return new;
  end if;
  if new.kind = 'related' and new.ticket_id > new.other_id then
    v_id := new.ticket_id;
    new.ticket_id := new.other_id;
    new.other_id := v_id;
  end if;
  new.created_by := autocrm.actor_id();
  new.created_at := autocrm.now();
  if new.ticket_id = new.other_id then
    perform autocrm.fail('TK422', 'A ticket cannot be linked with itself', 'ticket_id: must be another ticket', 'Name another ticket.');
  end if;
  perform from app.tickets where id in (new.ticket_id, new.other_id) order by id for update;
  foreach v_id in array array[new.ticket_id, new.other_id]
  loop
    if not exists (select from app.tickets where id = v_id) then
      perform autocrm.fail('TK404', format('There is no ticket %s that you can see', v_id), null, 'Check the id.');
    end if;
  end loop;
  -- Splits and follow-ups tell how a ticket came to be, for good: only with the ticket itself are they made.
  if new.kind in ('split', 'follow_up') and not exists (
    select from app.tickets t where t.id = new.ticket_id and t.created_at = autocrm.now() and autocrm.has_written(t.id)
  ) then
    perform autocrm.fail('TK403', format('Ticket %s was there before: it was not made %s', new.ticket_id,
      case new.kind when 'split' then 'by a split' else 'as a follow-up' end), null,
      format('Call api.%s_ticket, which makes the ticket, or link them as related.', case new.kind when 'split' then 'split' else 'follow_up' end));
  end if;
  if new.kind = 'merged' then
    select t.id, l.other_id as into_id into v_closed
      from app.tickets t
      join app.statuses s on s.id = t.status_id and s.category = 'closed'
      left join app.ticket_links l on l.ticket_id = t.id and l.kind = 'merged'
     where t.id in (new.ticket_id, new.other_id)
     order by t.id = new.other_id
     limit 1;
    if v_closed.id is not null then
      perform autocrm.fail('TK422', 'These tickets cannot be merged',
        format('%s: ticket %s %s', case v_closed.id when new.other_id then 'into' else 'id' end, v_closed.id,
               coalesce('was merged into ticket ' || v_closed.into_id, 'is closed')),
        'Merge tickets that are not closed.');
    end if;
  end if;
  -- No cycles.
  if new.kind in ('incident', 'child') and exists (
    with recursive above (id) as (
      select new.other_id
      union
      select l.other_id from app.ticket_links l join above a on l.ticket_id = a.id where l.kind = new.kind
    ) select from above where id = new.ticket_id
  ) then
    perform autocrm.fail('TK422', 'These tickets cannot be linked like this',
      format('ticket_id: ticket %s is below ticket %s already', new.other_id, new.ticket_id), 'Link them the other way round.');
  end if;
  return new;
end
$$;

-- Definer: no role writes system messages and events, and a merge closes its source without the checks of workflow and
-- required fields. The row has passed the policies by now.
create function app.tg_ticket_links__act()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_requester text;
begin
  if autocrm.archives() then
    return null;
  end if;
  if new.kind = 'merged' then
    select u.name into v_requester from app.tickets t join app.users u on u.id = t.requester_id where t.id = new.ticket_id;
    -- Tickets that were merged into the source now refer to the target.
    update app.ticket_links set other_id = new.other_id where kind = 'merged' and other_id = new.ticket_id;
    insert into app.messages (ticket_id, kind, body_text) values
      (new.ticket_id, 'system', format('Merged into ticket %s.', new.other_id)),
      (new.other_id, 'system', format('Ticket %s by %s was merged into this one; its messages are shown here.', new.ticket_id, v_requester));
    -- Followers move along, the requester becomes a CC, and drafts are kept.
    insert into app.followers (ticket_id, user_id, kind, added_by)
    select new.other_id, x.user_id, x.kind, autocrm.actor_id()
      from (select f.user_id, f.kind from app.followers f where f.ticket_id = new.ticket_id
            union
            select t.requester_id, 'cc' from app.tickets t, app.tickets o
             where t.id = new.ticket_id and o.id = new.other_id and t.requester_id <> o.requester_id) x
     order by x.user_id
    on conflict (ticket_id, user_id) do nothing;
    update app.drafts d
       set ticket_id = new.other_id,
           -- Beside the draft that its author has there.
           overtaken = d.overtaken or exists (
             select from app.drafts o
              where o.ticket_id = new.other_id and o.author_id = d.author_id and o.kind = d.kind and not o.overtaken)
     where d.ticket_id = new.ticket_id;
    perform app.follow_relations('ticket', new.ticket_id, new.other_id);
    update app.tickets
       set status_id = app.first_status('closed')
     where id = new.ticket_id;
  elsif new.kind = 'split' then
    insert into app.messages (ticket_id, kind, body_text) values
      (new.ticket_id, 'system', format('Split off ticket %s.', new.other_id)),
      (new.other_id, 'system', format('Ticket %s was split off this one.', new.ticket_id));
  elsif new.kind = 'follow_up' then
    insert into app.messages (ticket_id, kind, body_text) values
      (new.other_id, 'system', format('Followed up by ticket %s.', new.ticket_id));
  end if;
  insert into app.events (at, name, ticket_id, actor_id, api_key_id, data)
  select autocrm.now(), case new.kind when 'merged' then 'ticket.merged' else 'ticket.linked' end, x.a, autocrm.actor_id(), autocrm.actor_api_key_id(),
         jsonb_build_object('kind', new.kind, 'ticket_id', new.ticket_id, 'other_id', new.other_id)
    from (values (new.ticket_id), (new.other_id)) x (a);
  return null;
end
$$;

create trigger tg_ticket_links__200_check before insert on app.ticket_links
  for each row execute function app.tg_ticket_links__check();
create trigger tg_ticket_links__500_audit after insert or update or delete on app.ticket_links
  for each row execute function autocrm.tg_audit();
create trigger tg_ticket_links__600_act after insert on app.ticket_links
  for each row execute function app.tg_ticket_links__act();

grant select on app.ticket_links to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst;
grant insert (kind, ticket_id, other_id), delete on app.ticket_links to autocrm_admin, autocrm_agent, autocrm_integration;

-- A link is visible to those who see both tickets; a merge to those who see one, since it says where a ticket went.
create policy readers_of_both_tickets_read_their_link on app.ticket_links
  for select to autocrm_admin, autocrm_agent, autocrm_analyst, autocrm_integration
  using (
    case kind
      when 'merged' then exists (select from app.tickets t where t.id in (ticket_id, other_id))
      else exists (select from app.tickets t where t.id = ticket_id) and exists (select from app.tickets t where t.id = other_id)
    end
  );
create policy staff_link_what_they_see on app.ticket_links
  for insert to autocrm_admin, autocrm_agent
  with check (exists (select from app.tickets t where t.id = ticket_id) and exists (select from app.tickets t where t.id = other_id));
create policy keys_link_within_scope on app.ticket_links
  for insert to autocrm_integration
  with check (
    (select autocrm.actor_has_scope('tickets:write'))
    and exists (select from app.tickets t where t.id = ticket_id) and exists (select from app.tickets t where t.id = other_id)
  );
-- Merges, splits and follow-ups are history; only the other links can be removed.
create policy staff_unlink_what_they_see on app.ticket_links
  for delete to autocrm_admin, autocrm_agent
  using (kind in ('incident', 'child', 'related')
         and exists (select from app.tickets t where t.id = ticket_id) and exists (select from app.tickets t where t.id = other_id));
create policy keys_unlink_within_scope on app.ticket_links
  for delete to autocrm_integration
  using (kind in ('incident', 'child', 'related') and (select autocrm.actor_has_scope('tickets:write'))
         and exists (select from app.tickets t where t.id = ticket_id) and exists (select from app.tickets t where t.id = other_id));

-- Events of links are as visible as the links.
create policy a_link_is_told_to_readers_of_both_tickets on app.events
  as restrictive for select to autocrm_agent, autocrm_integration, autocrm_analyst
  using (
    name <> 'ticket.linked'
    or exists (
      select from app.tickets t
       where t.id = (case when ticket_id = (data ->> 'ticket_id')::bigint then data ->> 'other_id' else data ->> 'ticket_id' end)::bigint));

-- Definer: incidents may belong to teams that the caller does not see. An incident that cannot be solved (a required field
-- is empty) keeps its status and gets a message with the reason.
create function app.tg_tickets__solve_incidents()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_incident bigint;
  v_detail text;
begin
  if not exists (select from app.statuses where id = new.status_id and category = 'solved')
     or not exists (select from app.open_statuses o where o.id = old.status_id) then
    return null;
  end if;
  for v_incident in
    select t.id
      from app.tickets t
     where t.id in (select l.ticket_id from app.ticket_links l where l.kind = 'incident' and l.other_id = new.id)
       and t.status_id in (select o.id from app.open_statuses o) and t.deleted_at is null
     order by t.id
       for update of t
  loop
    begin
      update app.tickets set status_id = new.status_id where id = v_incident;
      insert into app.messages (ticket_id, kind, author_id, body_text)
      values (v_incident, case when autocrm.actor_id() is null then 'system' else 'reply' end::app.message_kind, autocrm.actor_id(),
              'The problem behind your request has been solved.');
    exception
      when deadlock_detected or serialization_failure then
        raise;
      when others then
        get stacked diagnostics v_detail = pg_exception_detail;
        insert into app.messages (ticket_id, kind, body_text)
        values (v_incident, 'system', format('Problem %s was solved; this incident could not be: %s', new.id,
                                             coalesce(app.conceal_problems(nullif(v_detail, '')), sqlerrm)));
    end;
  end loop;
  return null;
end
$$;
create trigger tg_tickets__600_solve_incidents after update on app.tickets
  for each row when (old.status_id is distinct from new.status_id)
  execute function app.tg_tickets__solve_incidents();
