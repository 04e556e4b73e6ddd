-- History of a customer or organization, and merging two entries of one customer.

-- Of tickets that the caller sees, newest first. position is three times the id plus the kind of entry, so that all three
-- kinds are in one order.
create function api._customer_history(p_people bigint[], p_organization bigint, p_query jsonb)
  returns json
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_query jsonb := coalesce(p_query, '{}');
  v_limit integer := api._limit(v_query);
  v_problems text[] := api._query_problems(v_query, array['limit', 'after']);
  v_after jsonb;
  v_answer json;
begin
  if v_problems <> '{}' then
    perform api._refuse('This history cannot be read', v_problems);
  end if;
  v_after := case when v_query ? 'after' then api._decode_cursor(v_query ->> 'after', 'history', 'timestamptz') end;
  with tickets as materialized (
    select t.id, t.subject, t.description, t.requester_id, t.created_at, t.solved_at, s.category
      from app.tickets t
      join app.statuses s on s.id = t.status_id
     where (t.requester_id = any (p_people) or t.organization_id = p_organization) and t.deleted_at is null
  ), entries as (
    select t.created_at as at, t.id * 3 as position, 'created' as kind, t.id, t.requester_id as author_id, null::bigint as message_id, t.description as text
      from tickets t
    union all
    select t.solved_at, t.id * 3 + 1, 'solved', t.id, null, null, null
      from tickets t
     where t.solved_at is not null
    union all
    -- The opening message is in the entry of the ticket.
    select m.created_at, m.id * 3 + 2, 'replied', t.id, m.author_id, m.id, m.body_text
      from tickets t
     cross join lateral (
       select m.id, m.created_at, m.author_id, m.body_text
         from app.messages m
        where m.ticket_id = t.id and m.kind = 'reply' and m.created_at > t.created_at
          and (v_after is null or (m.created_at, m.id * 3 + 2) < ((v_after ->> 0)::timestamptz, (v_after ->> 1)::bigint))
        order by m.created_at desc, m.id desc limit v_limit + 1) m
  ), page as materialized (
    select e.*, row_number() over (order by e.at desc, e.position desc) as n
      from entries e
     where v_after is null or (e.at, e.position) < ((v_after ->> 0)::timestamptz, (v_after ->> 1)::bigint)
     order by e.at desc, e.position desc limit v_limit + 1
  )
  select json_build_object(
    'tickets', (
      select json_object_agg(c, (select count(*) from tickets t where t.category = c) order by c) from unnest(enum_range(null::app.status_category)) c),
    'first_contact_at', (select min(t.created_at) from tickets t),
    'last_contact_at', (
      select max(greatest(t.created_at, (
               select m.created_at from app.messages m where m.ticket_id = t.id and m.kind = 'reply' order by m.created_at desc limit 1)))
        from tickets t),
    'items', coalesce(json_agg(json_build_object(
      'kind', p.kind, 'at', p.at, 'ticket_id', p.id, 'subject', t.subject, 'status_category', t.category,
      'author', (select json_build_object('id', u.id, 'name', u.name, 'role', u.role) from app.users u where u.id = p.author_id),
      'message_id', p.message_id, 'snippet', nullif(left(p.text, 160), '')) order by p.n) filter (where p.n <= v_limit), '[]'),
    'next', max(case when p.n = v_limit and (select count(*) from page) > v_limit then autocrm.cursor('history', p.at::text, p.position) end))
    into v_answer
    from page p
    join tickets t on t.id = p.id;
  return v_answer;
end
$$;

create function api.get_user_history(p_id bigint, p_query jsonb default '{}')
  returns json
  language plpgsql stable
  set search_path = ''
as $$
begin
  perform api.get_user(p_id);
  return api._customer_history(array[p_id], null, p_query);
end
$$;
comment on function api.get_user_history(bigint, jsonb) is
  'What a customer and the desk had to do with each other, newest first: {tickets, first_contact_at, last_contact_at, items, next}, of the tickets that the caller sees. TK404, TK422. Example: select api.get_user_history(7, ''{"limit": 50}'')';

create function api.get_organization_history(p_id bigint, p_query jsonb default '{}')
  returns json
  language plpgsql stable
  set search_path = ''
as $$
begin
  perform api.get_organization(p_id);
  return api._customer_history(array(select u.id from app.users u where u.organization_id = p_id), p_id, p_query);
end
$$;
comment on function api.get_organization_history(bigint, jsonb) is
  'As get_user_history, of the tickets of an organization and of its people: {tickets, first_contact_at, last_contact_at, items, next}. limit, after. TK404, TK422. Example: select api.get_organization_history(1, ''{"limit": 50}'')';

create function api.merge_users(p_id bigint, p_body jsonb)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_problems text[] := api._unknown_keys(p_body, array['into']);
  v_into bigint;
begin
  perform api.get_user(p_id);
  perform api._need_scope('users:write');
  if not coalesce(jsonb_typeof(p_body -> 'into') = 'number' and p_body ->> 'into' ~ '^[0-9]{1,18}$' and (p_body ->> 'into')::bigint <> p_id, false) then
    v_problems := v_problems || 'into: must be the id of another user'::text;
  end if;
  if v_problems <> '{}' then
    perform api._refuse('These users cannot be merged', v_problems);
  end if;
  v_into := (p_body ->> 'into')::bigint;
  perform api.get_user(v_into);
  -- In the order of their ids: of two opposite merges one waits, and then meets a customer who was merged. New tickets are
  -- held up by the stronger lock of tg_users__check_merge, which is not for a SQL prompt by itself.
  perform from app.users u where u.id in (p_id, v_into) order by u.id for no key update;
  update app.users set merged_into_id = v_into, active = false where id = p_id;
  -- Only customers are merged; the policies hide staff from this update.
  if not found then
    perform api._refuse('These users cannot be merged', array['id: is no customer']);
  end if;
  return api.get_user(v_into);
end
$$;
comment on function api.merge_users(bigint, jsonb) is
  'Gives the tickets and messages of this customer to the customer {"into": id}, who is answered; this one is deactivated and points there. TK403, TK404, TK422. Example: select api.merge_users(99, ''{"into": 97}'')';
