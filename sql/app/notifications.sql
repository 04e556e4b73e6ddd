-- Notifications, written by the worker from events in batches of whole transactions. The cursor moves in the same
-- transaction, so that every event notifies exactly once.

create trigger tg_notification_preferences__500_audit after insert or update or delete on app.notification_preferences
  for each row execute function autocrm.tg_audit('user_id');

grant select on app.notifications to autocrm_admin, autocrm_agent;
grant update (read_at, done_at) on app.notifications to autocrm_admin, autocrm_agent;
grant select on app.notification_preferences to autocrm_admin, autocrm_agent;
select app._grant_columns('{insert, update}', 'notification_preferences', 'autocrm_admin, autocrm_agent');
-- read_at is the time of marking.
create trigger tg_notifications__100_times before update of read_at, done_at on app.notifications
  for each row execute function autocrm.tg_times('read_at', 'done_at');
-- Keys have the privilege, since they run the same queries, but no policy.
grant select on app.notifications, app.notification_preferences to autocrm_integration;

-- The recipient's own, as long as they see the ticket.
create policy people_read_their_notifications on app.notifications
  for select to autocrm_admin, autocrm_agent
  using (user_id = (select autocrm.actor_id()) and exists (select from app.tickets t where t.id = ticket_id));
create policy people_mark_their_notifications on app.notifications
  for update to autocrm_admin, autocrm_agent
  using (user_id = (select autocrm.actor_id()));
create policy people_choose_their_notifications on app.notification_preferences
  for all to autocrm_admin, autocrm_agent
  using (user_id = (select autocrm.actor_id()))
  with check (user_id = (select autocrm.actor_id()));

-- The users that each of these events concerns, and the kind of notification; preferences and visibility are applied
-- afterwards.
create function app.recipients(p_xids xid8[])
  returns table (event_id bigint, at timestamptz, ticket_id bigint, message_id bigint, actor_id bigint,
                 kind app.notification_kind, user_id bigint)
  language sql stable
  set search_path = pg_catalog, pg_temp
as $$
  with heard as materialized (
    select e.id, e.at, e.name, e.ticket_id, e.message_id, e.data, t.assignee_id, t.team_id, t.requester_id,
           case when e.message_id is null then e.actor_id else m.author_id end as actor_id, m.kind as message_kind
      from app.events e
      join app.tickets t on t.id = e.ticket_id and t.deleted_at is null
      left join app.messages m on m.id = e.message_id
     where e.xid = any (p_xids)
       and e.name in ('ticket.created', 'ticket.updated', 'message.created', 'user.mentioned')
       -- Imported tickets notify nobody.
       and not (e.name = 'ticket.created' and (t.channel = 'import' or t.created_at < e.at - interval '1 day'))
       and (m.id is null or m.created_at > e.at - interval '1 day')
  )
  select h.id, h.at, h.ticket_id, h.message_id, h.actor_id, c.kind, c.user_id
    from heard h
   cross join lateral (
     select 'mentioned'::app.notification_kind, (h.data ->> 'user_id')::bigint
      where h.name = 'user.mentioned'
     union all
     select 'requester_replied', h.assignee_id
      where h.name = 'message.created' and h.message_kind = 'reply' and h.actor_id = h.requester_id
     union all
     select 'assigned', h.assignee_id
      where h.name in ('ticket.created', 'ticket.updated')
        -- Still: one that was taken back in between is no news.
        and h.assignee_id = case h.name when 'ticket.created' then h.data ->> 'assignee_id' else h.data #>> '{changes,assignee_id,1}' end::bigint
     union all
     select 'followed', f.user_id
       from app.followers f
      where h.name = 'message.created' and h.message_kind in ('reply', 'note') and f.ticket_id = h.ticket_id and f.kind = 'follower'
     union all
     select 'team_unassigned', m.user_id
       from app.memberships m
      where m.team_id = h.team_id and h.assignee_id is null
        and (h.name = 'ticket.created' or (h.name = 'ticket.updated' and h.data -> 'changes' ?| array['assignee_id', 'team_id']))
   ) c (kind, user_id)
   where c.user_id is distinct from h.actor_id and c.user_id is not null
$$;

-- What somebody was told of a ticket that was theirs and is not any more, unless they have read it: undone, or given to
-- somebody else. Its mail goes without it.
create function app.withdraw_assignments(p_xids xid8[])
  returns void
  language sql volatile
  set search_path = pg_catalog, pg_temp
as $$
  delete from app.notifications n
   using app.events e, app.tickets t
   where e.xid = any (p_xids) and e.name = 'ticket.updated' and e.data #>> '{changes,assignee_id,0}' is not null
     and t.id = e.ticket_id and n.ticket_id = e.ticket_id
     and n.user_id = (e.data #>> '{changes,assignee_id,0}')::bigint and n.user_id is distinct from t.assignee_id
     and n.kind = 'assigned' and n.read_at is null
$$;

-- Notifies all users that these transactions concern; answers how many. Mails are enqueued with their notifications, and
-- open sockets are notified at commit with `user.notification`, the newest of each user.
create function app.notify(p_xids xid8[])
  returns integer
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_count integer;
begin
  perform app.withdraw_assignments(p_xids);
  with fresh as materialized (
    select distinct on (c.user_id, c.ticket_id, coalesce(c.message_id, -c.event_id)) c.*, coalesce(p.delivery, app.default_delivery(c.kind)) as delivery
      from app.recipients(p_xids) c
      left join app.notification_preferences p on p.user_id = c.user_id and p.kind = c.kind
     where coalesce(p.delivery, app.default_delivery(c.kind)) <> 'off'
       and app.sees_ticket(c.user_id, c.ticket_id)
     order by c.user_id, c.ticket_id, coalesce(c.message_id, -c.event_id), c.kind, c.event_id
  ), digests as materialized (
    select f.user_id, app.open_digest(f.user_id) as mail_id
      from (select distinct user_id from fresh where delivery = 'digest') f
  ), mails as (
    insert into app.mail_outbox (kind, dedupe_key, user_id, not_before, created_at)
    select 'notification', format('notification:%s:%s', f.user_id, f.event_id), f.user_id, autocrm.now(), autocrm.now()
      from fresh f where f.delivery = 'email'
     order by f.event_id, f.user_id
    on conflict do nothing
    returning id, dedupe_key
  ), told as (
    insert into app.notifications (user_id, kind, delivery, ticket_id, event_id, message_id, actor_id, at, mail_id)
    select f.user_id, f.kind, f.delivery, f.ticket_id, f.event_id, f.message_id,
           (select a.id from app.users a where a.id = f.actor_id), f.at, coalesce(m.id, d.mail_id)
      from fresh f
      left join mails m on m.dedupe_key = format('notification:%s:%s', f.user_id, f.event_id)
      left join digests d on d.user_id = f.user_id and f.delivery = 'digest'
     order by f.event_id, f.user_id
    on conflict do nothing
    returning id, user_id
  )
  select coalesce(sum(n.count), 0) into v_count
    from (select count(*), pg_notify('autocrm_notifications', '') from told t group by t.user_id) n;
  return v_count;
end
$$;

-- One round; answers how many users were notified, or NULL without new events. A transaction that fails is set aside.
create function app.run_notifications(p_most integer)
  returns integer
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_cursor app.notification_cursor;
  v_within pg_snapshot;
  v_event bigint;
  v_xids xid8[];
  v_xid xid8;
  v_count integer := 0;
  v_failure app.failure;
begin
  if not exists (
    select from app.notification_cursor c where c.within is not null or app.feed_begin(c.seen, autocrm.log_snapshot()) is not null) then
    return null;
  end if;
  select * into v_cursor from app.notification_cursor c for update skip locked;
  if not found then
    return null;
  end if;
  v_within := coalesce(v_cursor.within, autocrm.log_snapshot());
  v_event := coalesce(v_cursor.event_id, app.feed_begin(v_cursor.seen, v_within));
  if v_event is null then
    return null;
  end if;
  select coalesce(array_agg(f.xid), '{}'), coalesce(max(f.event_id), v_event) into v_xids, v_event
    from app.feed_transactions(v_cursor.seen, v_within, v_event, p_most) f;
  begin
    v_count := app.notify(v_xids);
  exception when others then
    if app.is_transient(sqlstate) then
      raise;
    end if;
    -- One of them fails: retried one by one.
    foreach v_xid in array v_xids
    loop
      begin
        v_count := v_count + app.notify(array[v_xid]);
      exception when others then
        get stacked diagnostics v_failure.code = returned_sqlstate, v_failure.message = message_text,
          v_failure.detail = pg_exception_detail, v_failure.hint = pg_exception_hint;
        perform app.note_failure('notifications', format('transaction %s', v_xid),
          (select min(e.ticket_id) from app.events e join app.tickets t on t.id = e.ticket_id where e.xid = v_xid),
          jsonb_build_object('xid', v_xid), v_failure);
      end;
    end loop;
  end;
  if app.feed_has_more(v_cursor.seen, v_within, v_event) then
    update app.notification_cursor c set within = v_within, event_id = v_event;
  else
    update app.notification_cursor c set seen = v_within, within = null, event_id = null;
  end if;
  return v_count;
end
$$;
