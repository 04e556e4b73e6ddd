-- Notifications of the caller, and how they want to receive them.

create view api.notifications with (security_invoker = true) as
select n.id, n.at, n.kind,
       (select json_build_object('id', t.id, 'subject', t.subject, 'status', s.key, 'status_category', s.category)
          from app.tickets t
          join app.statuses s on s.id = t.status_id
         where t.id = n.ticket_id) as ticket,
       n.message_id,
       (select left(m.body_text, 240) from app.messages m where m.id = n.message_id and m.ticket_id = n.ticket_id) as excerpt,
       (select json_build_object('id', u.id, 'name', u.name) from app.users u where u.id = n.actor_id) as actor, n.read_at, n.done_at
  from app.notifications n
 where n.user_id = (select autocrm.actor_id());
comment on view api.notifications is 'The caller''s notifications.';

create function api._unread()
  returns bigint
  language sql stable
  set search_path = ''
as $$
  select count(*) from app.notifications n where n.user_id = (select autocrm.actor_id()) and n.read_at is null
$$;

-- Unread ones that are about the caller themselves: mentions, and news on tickets that are theirs.
create function api._unread_for_me()
  returns bigint
  language sql stable
  set search_path = ''
as $$
  select count(*) from app.notifications n
   where n.user_id = (select autocrm.actor_id()) and n.read_at is null and n.kind in ('mentioned', 'assigned', 'requester_replied')
$$;

create function api.list_notifications(p_query jsonb default '{}')
  returns json
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_query jsonb := coalesce(p_query, '{}');
  v_limit integer := api._limit(v_query);
  v_problems text[] := api._query_problems(v_query, array['limit', 'after', 'unread', 'done', 'kind'])
    || api._check_words(v_query, 'unread', array['true', 'false']) || api._check_words(v_query, 'done', array['true', 'false'])
    || api._check_words(v_query, 'kind', enum_range(null::app.notification_kind)::text[]);
  v_sql text;
  v_page json;
begin
  if v_problems <> '{}' then
    perform api._refuse('This list cannot be read', v_problems);
  end if;
  if v_query ? 'after' then
    v_query := v_query || jsonb_build_object('after', api._decode_cursor(v_query ->> 'after', '-id', 'bigint'));
  end if;
  v_sql := format('select n.id::text, n.* from api.notifications n where true %s %s %s %s order by n.id desc limit %s',
    case when v_query ? 'after' then 'and n.id < ($1 -> ''after'' ->> 1)::bigint' end,
    case when v_query ->> 'unread' is not null then 'and (n.read_at is null) = ($1 ->> ''unread'')::boolean' end,
    case when v_query ->> 'done' is not null then 'and (n.done_at is not null) = ($1 ->> ''done'')::boolean' end,
    case when v_query ->> 'kind' is not null then 'and n.kind::text = any (string_to_array($1 ->> ''kind'', '',''))' end, v_limit + 1);
  v_page := autocrm.page(v_sql, v_query, v_limit, '-id');
  return json_build_object('items', v_page -> 'items', 'next', v_page -> 'next', 'unread', api._unread(), 'unread_for_me', api._unread_for_me());
end
$$;
comment on function api.list_notifications(jsonb) is
  'A page of the caller''s notifications, newest first: {items: [{id, at, kind, ticket: {id, subject, status, status_category}, message_id, excerpt, actor, read_at, done_at}], next, unread, unread_for_me}; excerpt begins the message, unread is how many are, unread_for_me how many of them are mentions, assignments and replies of one''s own requesters. limit, after, filters unread and done (true, false), kind (one or more, comma-separated). TK422. Example: select api.list_notifications(''{"unread": "true"}'')';

create function api.read_notifications(p_body jsonb)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_problems text[] := api._unknown_keys(p_body, array['ids', 'up_to']) || api._most_problems(p_body, 'ids', 1000);
  v_count bigint;
begin
  if p_body ? 'ids' = p_body ? 'up_to' then
    v_problems := v_problems || 'ids: give either ids or up_to'::text;
  end if;
  if p_body ? 'ids' and (jsonb_typeof(p_body -> 'ids') <> 'array' or exists (
    select from jsonb_array_elements(case jsonb_typeof(p_body -> 'ids') when 'array' then p_body -> 'ids' else '[]' end) i
     where i #>> '{}' !~ '^[0-9]{1,18}$')) then
    v_problems := v_problems || 'ids: must be a list of whole numbers'::text;
  end if;
  if p_body ? 'up_to' and not coalesce(p_body ->> 'up_to' ~ '^[0-9]{1,18}$', false) then
    v_problems := v_problems || 'up_to: must be a whole number'::text;
  end if;
  if v_problems <> '{}' then
    perform api._refuse('Nothing was marked as read', v_problems);
  end if;
  update app.notifications n
     set read_at = autocrm.now()
   where n.user_id = autocrm.actor_id() and n.read_at is null
     and (n.id <= (p_body ->> 'up_to')::bigint
          or n.id = any (array(select i::bigint from jsonb_array_elements_text(case when p_body ? 'ids' then p_body -> 'ids' else '[]' end) i)));
  get diagnostics v_count = row_count;
  return json_build_object('read', v_count, 'unread', api._unread());
end
$$;
comment on function api.read_notifications(jsonb) is
  'Marks notifications of the caller as read: {"ids": [...]}, or {"up_to": id} for all up to that one. Answers {read, unread}: how many were marked, and how many are left. TK422. Example: select api.read_notifications(''{"up_to": 99}'')';

create function api.mark_notifications(p_body jsonb)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_problems text[] := api._unknown_keys(p_body, array['ids', 'read', 'done']) || api._most_problems(p_body, 'ids', 1000);
  v_read boolean;
  v_done boolean;
  v_count bigint;
begin
  perform api._need_object(p_body);
  if jsonb_typeof(p_body -> 'ids') is distinct from 'array' or exists (
    select from jsonb_array_elements(case jsonb_typeof(p_body -> 'ids') when 'array' then p_body -> 'ids' else '[]' end) i
     where i #>> '{}' !~ '^[0-9]{1,18}$') then
    v_problems := v_problems || 'ids: must be a list of whole numbers'::text;
  end if;
  if not p_body ?| array['read', 'done'] then
    v_problems := v_problems || 'read: give read, done or both'::text;
  end if;
  if p_body ? 'read' and jsonb_typeof(p_body -> 'read') <> 'boolean' then
    v_problems := v_problems || 'read: must be true or false'::text;
  end if;
  if p_body ? 'done' and jsonb_typeof(p_body -> 'done') <> 'boolean' then
    v_problems := v_problems || 'done: must be true or false'::text;
  end if;
  if v_problems <> '{}' then
    perform api._refuse('Nothing was marked', v_problems);
  end if;
  v_done := (p_body ->> 'done')::boolean;
  -- What is done has been read.
  v_read := coalesce((p_body ->> 'read')::boolean, case when v_done then true end);
  update app.notifications n
     set read_at = case when v_read is null then n.read_at when v_read then coalesce(n.read_at, autocrm.now()) end,
         done_at = case when v_done is null then n.done_at when v_done then coalesce(n.done_at, autocrm.now()) end
   where n.user_id = autocrm.actor_id() and n.id = any (array(select i::bigint from jsonb_array_elements_text(p_body -> 'ids') i));
  get diagnostics v_count = row_count;
  return json_build_object('marked', v_count, 'unread', api._unread());
end
$$;
comment on function api.mark_notifications(jsonb) is
  'Marks notifications of the caller: {"ids": [...]} with read (true, false), done (true, false; what is done is read) or both. Answers {marked, unread}. TK422. Example: select api.mark_notifications(''{"ids": [7], "done": true}'')';

create function api.get_notification_preferences()
  returns json
  language sql stable
  set search_path = ''
as $$
  select json_object_agg(s.key, s.value order by s.key)
    from (select k::text, to_json(coalesce(p.delivery, app.default_delivery(k)))
            from unnest(enum_range(null::app.notification_kind)) k
            left join app.notification_preferences p on p.kind = k and p.user_id = (select autocrm.actor_id())
           union all
          select d.key, d.value
            from (select) one
            left join app.digest_preferences o on o.user_id = (select autocrm.actor_id())
           cross join lateral (values ('digest_every', to_json(coalesce(o.every, 'daily'))), ('digest_hour', to_json(coalesce(o.hour, 8)))) d (key, value)
         ) s (key, value)
$$;
comment on function api.get_notification_preferences() is
  'How the caller receives each kind of notification: {mentioned, requester_replied, assigned, followed, team_unassigned, digest_every, digest_hour}. A kind is in_app, email (at once, and in the app), digest (by e-mail, gathered, and in the app) or off; digest_every is hourly or daily, at digest_hour (0 to 23) in their own time zone. Example: select api.get_notification_preferences()';

create function api.update_notification_preferences(p_body jsonb)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_kinds text[] := enum_range(null::app.notification_kind)::text[];
  v_deliveries text[] := enum_range(null::app.notification_delivery)::text[];
  v_problems text[];
begin
  perform api._need_object(p_body);
  select api._unknown_keys(p_body, v_kinds || array['digest_every', 'digest_hour'])
         || coalesce(array_agg(format('%s: must be one of %s', e.key, array_to_string(v_deliveries, ', '))), '{}')
    into v_problems
    from jsonb_each(p_body) e
   where e.key = any (v_kinds) and (jsonb_typeof(e.value) <> 'string' or e.value #>> '{}' <> all (v_deliveries));
  if p_body ? 'digest_every' and not coalesce(p_body ->> 'digest_every' = any (enum_range(null::app.digest_period)::text[]), false) then
    v_problems := v_problems || 'digest_every: must be hourly or daily'::text;
  end if;
  if p_body ? 'digest_hour' and not (jsonb_typeof(p_body -> 'digest_hour') = 'number' and p_body ->> 'digest_hour' ~ '^(1?[0-9]|2[0-3])$') then
    v_problems := v_problems || 'digest_hour: must be an hour from 0 to 23'::text;
  end if;
  if v_problems <> '{}' then
    perform api._refuse('Your notifications cannot be set like this', v_problems);
  end if;
  insert into app.notification_preferences (user_id, kind, delivery)
  select autocrm.actor_id(), e.key::app.notification_kind, e.value::app.notification_delivery
    from jsonb_each_text(p_body) e
   where e.key = any (v_kinds)
  on conflict (user_id, kind) do update set delivery = excluded.delivery;
  if p_body ?| array['digest_every', 'digest_hour'] then
    insert into app.digest_preferences as d (user_id, every, hour)
    values (autocrm.actor_id(), coalesce((p_body ->> 'digest_every')::app.digest_period, 'daily'), coalesce((p_body ->> 'digest_hour')::integer, 8))
    on conflict (user_id) do update
       set every = coalesce((p_body ->> 'digest_every')::app.digest_period, d.every),
           hour = coalesce((p_body ->> 'digest_hour')::integer, d.hour);
  end if;
  return api.get_notification_preferences();
end
$$;
comment on function api.update_notification_preferences(jsonb) is
  'Changes the keys given and answers as get_notification_preferences does. TK422. Example: select api.update_notification_preferences(''{"followed": "digest", "digest_hour": 17}'')';
