-- Tags: created on use or from a closed list, counted, and removed only when no ticket has them.

create trigger tg_tag_settings__100_stamp before insert or update on app.tag_settings
  for each row execute function autocrm.tg_stamp();
create trigger tg_tag_settings__500_audit after insert or update or delete on app.tag_settings
  for each row execute function autocrm.tg_audit('singleton');
grant select on app.tag_settings to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst;
grant update (closed) on app.tag_settings to autocrm_admin;
create policy everyone_at_the_desk_reads_tag_settings on app.tag_settings
  for select to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst
  using ((select autocrm.actor_id()) is not null and (select app.has_some_scope()));
create policy admins_change_tag_settings on app.tag_settings
  for update to autocrm_admin
  using ((select autocrm.actor_role()) = 'admin');

create function app.tg_tags__closed()
  returns trigger
  language plpgsql volatile
  set search_path = ''
as $$
begin
  if not coalesce((select s.closed from app.tag_settings s), false) or autocrm.actor_id() is null or autocrm.actor_role() = 'admin' then
    return new;
  elsif current_user = 'autocrm_owner' then
    -- A routing rule adds a tag that is not on the list: it is skipped.
    return null;
  end if;
  raise exception using
    errcode = 'TK422',
    message = 'The list of tags is closed',
    detail = format('tags: there is no tag ''%s''; like it: %s', new.name, coalesce((
      select string_agg(t.name, ', ' order by t.name)
        from (select name from app.tags order by autocrm.edit_distance(lower(name), lower(new.name)), name limit 5) t), 'none')),
    hint = 'Choose one of the tags that there are, or ask an administrator for a new one.';
end
$$;
create trigger tg_tags__210_closed before insert on app.tags
  for each row execute function app.tg_tags__closed();

-- Counts of tags are visible to those who see all tickets.
grant select on app.tag_counts to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst;
create policy who_sees_all_tickets_reads_tag_counts on app.tag_counts
  for select to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst
  using ((select autocrm.actor_sees_all()));

-- Only what was added to is written again: a desk at rest writes nothing.
create function app._fold_tag_counts()
  returns void
  language sql volatile
  set search_path = ''
as $$
  with folded as (
    delete from app.tag_counts
     where tag_id in (select tag_id from app.tag_counts group by tag_id having count(*) > 1)
    returning tag_id, tickets)
  insert into app.tag_counts (tag_id, tickets)
  select tag_id, sum(tickets) from folded group by tag_id having sum(tickets) <> 0
$$;

-- Tags are created on use by all who write tickets; only admins rename and merge them.
grant insert (name, color) on app.tags to autocrm_agent, autocrm_integration;
create policy agents_add_tags on app.tags
  for insert to autocrm_agent
  with check ((select autocrm.actor_id()) is not null);
create policy keys_add_tags on app.tags
  for insert to autocrm_integration
  with check ((select autocrm.actor_has_scope('tickets:write')));

-- Tickets hold their tags in an array, which no foreign key can watch. Definer: tickets of teams that the
-- caller does not see count too.
create function app.tg_tags__in_use()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_tickets bigint;
begin
  -- Tickets in the trash cannot be edited, so the tag is removed from them here.
  update app.tickets set tag_ids = array_remove(tag_ids, old.id) where tag_ids @> array[old.id] and deleted_at is not null;
  select count(*) into v_tickets from app.tickets where tag_ids @> array[old.id];
  if v_tickets > 0 then
    raise exception using
      errcode = 'TK409',
      message = format('The tag %s is on %s tickets', old.name, v_tickets),
      hint = 'Merge it into another tag instead, or take it off the tickets first.';
  end if;
  return old;
end
$$;
create trigger tg_tags__300_in_use before delete on app.tags
  for each row execute function app.tg_tags__in_use();
