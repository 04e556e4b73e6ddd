-- The ticket to which a requester's reply belongs once theirs is solved, closed, merged or in the trash. Staff who write
-- on a merged ticket get TK409 with its target, from tg_messages__record.

-- Finds the ticket of a requester's reply: the target of a merge, or a follow-up of a closed ticket. Definer: the requester
-- may not see it. When no follow-up can be created, the reply stays on the ticket that it was sent to.
create function app.tg_messages__find_ticket()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_target bigint;
  v_ticket app.tickets;
  v_category app.status_category;
begin
  if new.kind <> 'reply' or new.author_id is null or autocrm.archives()
     or not exists (select from app.tickets t
                     where t.id = new.ticket_id and t.requester_id = new.author_id
                       and (t.status_id not in (select o.id from app.open_statuses o) or t.deleted_at is not null)
                       -- Not imported messages, nor the opening message.
                       and new.created_at > t.created_at and new.created_at > autocrm.now() - interval '1 day') then
    return new;
  end if;
  select coalesce(l.other_id, new.ticket_id) into v_target
    from (values (1)) x left join app.ticket_links l on l.kind = 'merged' and l.ticket_id = new.ticket_id;
  -- Locked: of two replies at once the second finds the follow-up of the first.
  select * into v_ticket from app.tickets where id = v_target for update;
  select category into v_category from app.statuses where id = v_ticket.status_id;
  if v_category = 'closed' or v_ticket.deleted_at is not null
     or (v_category = 'solved' and v_ticket.solved_at < autocrm.now() - make_interval(days => (select reopen_days from app.workflow))) then
    select t.id into v_target
      from app.ticket_links l
      join app.tickets t on t.id = l.ticket_id
     where l.kind = 'follow_up' and l.other_id = v_ticket.id and t.requester_id = new.author_id
       and t.status_id in (select o.id from app.open_statuses o) and t.deleted_at is null
     order by t.id desc
     limit 1;
    if v_target is null then
      begin
        insert into app.tickets (subject, requester_id, organization_id, team_id, status_id, priority_id, type, channel, tag_ids, custom, language)
        values (v_ticket.subject, new.author_id, v_ticket.organization_id, v_ticket.team_id,
                app.first_status('new'),
                v_ticket.priority_id, v_ticket.type, new.channel, v_ticket.tag_ids,
                -- Also the restricted fields, which the requester does not see.
                v_ticket.custom || coalesce((select jsonb_object_agg(v.field_key, v.value) from app.ticket_field_values v where v.ticket_id = v_ticket.id), '{}'),
                v_ticket.language)
        returning id into v_target;
        insert into app.ticket_links (kind, ticket_id, other_id) values ('follow_up', v_target, v_ticket.id);
      exception
        when deadlock_detected or serialization_failure then
          raise;
        when others then
          raise warning 'no follow-up of ticket % could be made: %', v_ticket.id, sqlerrm;
          v_target := v_ticket.id;
      end;
    end if;
  end if;
  new.ticket_id := v_target;
  return new;
end
$$;
create trigger tg_messages__150_find_ticket before insert on app.messages
  for each row execute function app.tg_messages__find_ticket();
