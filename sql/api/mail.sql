-- The outbox of e-mail, for admins.

create view api.mails with (security_invoker = true) as
select m.id, m.kind, m.state, json_build_object('id', u.id, 'name', u.name, 'email', u.email) as recipient,
       m.attempts, m.error, case when m.state = 'waiting' then m.not_before end as next_attempt_at, m.created_at, m.finished_at
  from app.mail_outbox m
  join app.users u on u.id = m.user_id;
comment on view api.mails is 'E-mails in the outbox and sent, without their content.';

create function api.list_mails(p_query jsonb default '{}')
  returns json
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_query jsonb := coalesce(p_query, '{}');
  v_limit integer := api._limit(v_query);
  v_problems text[] := api._query_problems(v_query, array['limit', 'after', 'state'])
    || api._check_words(v_query, 'state', enum_range(null::app.mail_state)::text[]);
  v_after jsonb;
  v_sql text;
begin
  perform api._need_admin('see the outbox');
  if v_problems <> '{}' then
    perform api._refuse('This list cannot be read', v_problems);
  end if;
  if v_query ? 'after' then
    v_after := api._decode_cursor(v_query ->> 'after', '-id', 'bigint');
  end if;
  v_sql := format(
    'select m.id::text, m.* from api.mails m where true %s %s order by m.id desc limit %s',
      case when v_query ? 'state' then 'and m.state = any (string_to_array($1 ->> ''state'', '','')::app.mail_state[])' end,
      case when v_query ? 'after' then 'and m.id < ($1 ->> ''from'')::bigint' end, v_limit + 1);
  return autocrm.page(v_sql, v_query || jsonb_build_object('from', v_after -> 1), v_limit, '-id');
end
$$;
comment on function api.list_mails(jsonb) is
  'A page of the outbox of e-mail, newest first: {items, next}; admins only. Filter: state (waiting, sent, dropped, failed). TK403, TK422. Example: select api.list_mails(''{"state": "failed"}'')';

-- Definer: no role writes to the outbox.
create function api.retry_mail(p_id bigint)
  returns json
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_state app.mail_state;
begin
  perform api._need_admin('send e-mails again');
  select m.state into v_state from app.mail_outbox m where m.id = p_id for update;
  if not found then
    perform api._not_found('e-mail', p_id);
  end if;
  if v_state <> 'failed' then
    perform api._refuse('This e-mail is not sent again', array[format('state: is %s; only one that failed is tried again', v_state)]);
  end if;
  -- attempts stays above zero: a digest that was taken once gathers no more.
  update app.mail_outbox m
     set state = 'waiting', attempts = 1, not_before = autocrm.now(), finished_at = null
   where m.id = p_id;
  return (select row_to_json(m) from api.mails m where m.id = p_id);
end
$$;
comment on function api.retry_mail(bigint) is
  'Puts an e-mail that failed back into the queue and answers it as list_mails does. Admins only. TK403, TK404, TK422 for one that did not fail. Example: select api.retry_mail(1)';
