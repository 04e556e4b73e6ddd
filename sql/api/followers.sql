-- Followers among staff, and CCs who receive a ticket's public replies.

create view api.followers with (security_invoker = true) as
select f.id, f.ticket_id, f.kind, f.user_id, (select u.name from app.users u where u.id = f.user_id) as name,
       (select u.email from app.users u where u.id = f.user_id) as email, f.added_by, f.created_at
  from app.followers f;
comment on view api.followers is 'Followers and CCs of tickets.';

create function api.list_followers(p_ticket_id bigint, p_query jsonb default '{}')
  returns json
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_query jsonb := coalesce(p_query, '{}');
  v_limit integer := api._limit(v_query);
  v_problems text[] := api._query_problems(v_query, array['limit', 'after', 'kind'])
    || api._check_words(v_query, 'kind', enum_range(null::app.follower_kind)::text[]);
  v_after jsonb;
  v_sql text;
begin
  if v_problems <> '{}' then
    perform api._refuse('This list cannot be read', v_problems);
  end if;
  perform api._need_ticket(p_ticket_id);
  if v_query ? 'after' then
    v_after := api._decode_cursor(v_query ->> 'after', 'id', 'bigint');
  end if;
  v_sql := format(
    'select f.id::text, f.* from api.followers f where f.ticket_id = ($1 ->> ''ticket_id'')::bigint %s %s order by f.id limit %s',
      case when v_query ? 'kind' then 'and f.kind::text = any (string_to_array($1 ->> ''kind'', '',''))' end,
      case when v_query ? 'after' then 'and f.id > ($1 ->> ''from'')::bigint' end, v_limit + 1);
  return autocrm.page(v_sql, v_query || jsonb_build_object('ticket_id', p_ticket_id, 'from', v_after -> 1), v_limit, 'id');
end
$$;
comment on function api.list_followers(bigint, jsonb) is
  'A page of a ticket''s followers and CCs, the first added first: {items: [{id, ticket_id, kind, user_id, name, email, added_by, created_at}], next}. limit, after, filter kind (follower, cc). TK404, TK422. Example: select api.list_followers(7, ''{"kind": "follower"}'')';

create function api.add_follower(p_ticket_id bigint, p_body jsonb)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_problems text[] := api._unknown_keys(p_body, array['user_id', 'email', 'name', 'kind']) || api._text_problems(p_body, array['name']);
  v_kind text := coalesce(p_body ->> 'kind', 'follower');
  v_user bigint;
begin
  perform api._need_ticket(p_ticket_id);
  perform api._need_scope('tickets:write');
  if v_kind not in ('follower', 'cc') then
    v_problems := v_problems || 'kind: must be follower or cc'::text;
  end if;
  if p_body ? 'user_id' = p_body ? 'email' then
    v_problems := v_problems || 'user_id: give user_id, or email for a CC'::text;
  elsif p_body ? 'user_id' and not coalesce(p_body ->> 'user_id' ~ '^[0-9]{1,18}$', false) then
    v_problems := v_problems || 'user_id: must be a whole number'::text;
  elsif p_body ? 'email' and not coalesce(p_body ->> 'email' ~ '^\s*[^@\s]+@[^@\s]+\s*$', false) then
    v_problems := v_problems || 'email: must be an e-mail address such as ada@example.com'::text;
  elsif p_body ? 'email' and v_kind <> 'cc' then
    v_problems := v_problems || 'email: only CCs are added by address; followers are staff, by user_id'::text;
  end if;
  if length(p_body ->> 'email') > 320 then
    v_problems := v_problems || 'email: must have at most 320 characters'::text;
  end if;
  if length(p_body ->> 'name') > 200 then
    v_problems := v_problems || 'name: must have at most 200 characters'::text;
  end if;
  if v_problems = '{}' then
    v_user := case when p_body ? 'email' then api._requester(p_body) else (p_body ->> 'user_id')::bigint end;
    if not exists (select from app.users u where u.id = v_user and u.active) and not p_body ? 'email' then
      v_problems := v_problems || format('user_id: there is no active user %s', v_user);
    elsif v_kind = 'follower' and not app.sees_ticket(v_user, p_ticket_id) then
      v_problems := v_problems || format('user_id: %s cannot see this ticket, so cannot follow it',
        (select name from app.users where id = v_user));
    end if;
  end if;
  if v_problems <> '{}' then
    perform api._refuse('Nobody was added', v_problems);
  end if;
  insert into app.followers (ticket_id, user_id, kind, added_by)
  values (p_ticket_id, v_user, v_kind::app.follower_kind, autocrm.actor_id())
  on conflict (ticket_id, user_id) do update set kind = excluded.kind;
  return (select row_to_json(f) from api.followers f where f.ticket_id = p_ticket_id and f.user_id = v_user);
end
$$;
comment on function api.add_follower(bigint, jsonb) is
  'Adds a follower (user_id: staff who can see the ticket) or a CC (user_id, or email and name), or changes which of both they are; answers it as list_followers does. Keys: user_id, or email and name; kind (follower, cc). TK403, TK404, TK422. Example: select api.add_follower(7, ''{"email": "ada@example.com", "name": "Ada", "kind": "cc"}'')';

create function api.remove_follower(p_ticket_id bigint, p_user_id bigint)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_id bigint;
begin
  perform api._need_ticket(p_ticket_id);
  perform api._need_scope('tickets:write');
  delete from app.followers where ticket_id = p_ticket_id and user_id = p_user_id returning id into v_id;
  if v_id is null then
    perform api._not_found('follower', p_user_id);
  end if;
  return json_build_object('id', v_id, 'deleted', true);
end
$$;
comment on function api.remove_follower(bigint, bigint) is
  'Removes the follower or CC p_user_id from a ticket: {id, deleted}. TK403, TK404, TK409 under a legal hold. Example: select api.remove_follower(7, 2)';
