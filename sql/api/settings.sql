-- Settings of the desk, for admins.

create view api.settings with (security_invoker = true) as
select 1 as id, s.version, s.message_edit_minutes, s.attachment_max_bytes, s.attachment_types,
       s.attachment_blocked_extensions, s.notification_days, s.prompt_statement_seconds, s.prompt_transaction_seconds,
       s.prompt_idle_seconds, s.prompt_write_seconds, s.created_at, s.updated_at
  from app.settings s;
comment on view api.settings is 'The settings of the desk: one row.';

create function api.get_settings()
  returns json
  language sql stable
  set search_path = ''
as $$
  select row_to_json(s) from api.settings s
$$;
comment on function api.get_settings() is
  'The settings of the desk: {id, version, message_edit_minutes, attachment_max_bytes, attachment_types, attachment_blocked_extensions, notification_days, prompt_statement_seconds, prompt_transaction_seconds, prompt_idle_seconds, prompt_write_seconds, created_at, updated_at}. Example: select api.get_settings()';

create function api.update_settings(p_body jsonb, p_version bigint default null)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_columns constant text[] := array['message_edit_minutes', 'attachment_max_bytes', 'attachment_types', 'attachment_blocked_extensions', 'notification_days',
    'prompt_statement_seconds', 'prompt_transaction_seconds', 'prompt_idle_seconds', 'prompt_write_seconds'];
  v_problems text[] := api._unknown_keys(p_body, v_columns) || api._check_types('settings', p_body, v_columns);
  v_version bigint;
begin
  perform api._need_admin('change the settings');
  -- Each value by itself: what does not even have its type is told above.
  v_problems := v_problems || array(
    select p
      from jsonb_object_keys(case jsonb_typeof(p_body) when 'object' then p_body else '{}' end) k
     cross join unnest(app.settings_problems(jsonb_populate_record(null::app.settings, jsonb_build_object(k, p_body -> k)))) p
     where k in ('attachment_types', 'attachment_blocked_extensions', 'attachment_max_bytes')
       and api._check_types('settings', jsonb_build_object(k, p_body -> k), v_columns) = '{}');
  if v_problems <> '{}' then
    perform api._refuse('The settings cannot be changed like this', v_problems);
  end if;
  select version into v_version from app.settings for update;
  perform api._check_version(p_version, v_version, api.get_settings());
  if p_body = '{}' then
    return api.get_settings();
  end if;
  update app.settings s
     set (message_edit_minutes, attachment_max_bytes, attachment_types, attachment_blocked_extensions, notification_days,
          prompt_statement_seconds, prompt_transaction_seconds, prompt_idle_seconds, prompt_write_seconds)
       = (n.message_edit_minutes, n.attachment_max_bytes, n.attachment_types, array(select lower(ltrim(e, '.')) from unnest(n.attachment_blocked_extensions) e), n.notification_days,
          n.prompt_statement_seconds, n.prompt_transaction_seconds, n.prompt_idle_seconds, n.prompt_write_seconds)
    from app.settings o, jsonb_populate_record(o, p_body) n
   where s.singleton and o.singleton;
  return api.get_settings();
end
$$;
comment on function api.update_settings(jsonb, bigint) is
  'Changes the keys given and answers the settings as get_settings does. Keys: message_edit_minutes (0: messages are never edited), attachment_max_bytes, attachment_types (such as image/*; null: all), attachment_blocked_extensions, notification_days (how long read notifications are kept), and how long people at a SQL prompt may take before they are cut off: prompt_statement_seconds for a statement, prompt_transaction_seconds for a transaction, prompt_idle_seconds for one that does nothing, prompt_write_seconds for one that has written. Admins only. TK403, TK409 with the current settings in DETAIL when p_version is not their version, TK422. Example: select api.update_settings(''{"message_edit_minutes": 15}'')';
