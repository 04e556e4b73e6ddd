-- Macros: actions on a ticket and a message from a template, tried without a trace or applied in one go.
create view api.macros with (security_invoker = true) as
select m.id, m.version, m.name, m.description, m.scope, m.team_id, m.owner_id, m.actions, m.message_kind, m.body_text, m.body_html,
       m.active, coalesce(u.uses, 0) as uses, u.last_used_at, m.created_at, m.updated_at
  from app.macros m
  left join app.macro_uses u on u.macro_id = m.id;
comment on view api.macros is 'Actions on a ticket and a message from a template, in one go.';

select api._define_resource('macros', 'macro',
  p_filters => '{scope,team_id,active}', p_search => '{name,description}', p_sorts => '{name,-uses,-updated_at}',
  p_keys => '{name,description,scope,team_id,owner_id,actions,message_kind,body_text,body_html,active}',
  p_about => 'name, description, scope (shared, team with team_id, private), actions (as of rules), message_kind (reply, note), body_text or body_html (a template), active; each change keeps the former text as a version',
  p_query => '{"active": true}',
  p_create => '{"name": "Thanks", "scope": "private", "actions": [{"set": "status", "value": "solved"}], "message_kind": "reply", "body_text": "Thank you, {{requester.first_name | \"dear customer\"}}."}',
  p_update => '{"name": "Thanks, solved"}',
  p_deleting => 'TK409 when it is stale. Its versions go with it.');

create function api.list_macro_versions(p_id bigint, p_query jsonb default '{}')
  returns json
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_limit integer := api._limit(p_query);
  v_problems text[] := api._query_problems(coalesce(p_query, '{}'), array['limit', 'after']);
  v_sql text;
begin
  if v_problems <> '{}' then
    perform api._refuse('This list cannot be read', v_problems);
  end if;
  perform api.get_macro(p_id);
  if p_query ? 'after' then
    p_query := p_query || jsonb_build_object('before', api._decode_cursor(p_query ->> 'after', '-version', 'bigint') -> 1);
  end if;
  v_sql := format(
    'select v.version::text, v.version, v.name, v.description, v.actions, v.message_kind::text, v.body_text, v.body_html,
            u.id as "changed_by.id", u.name as "changed_by.name", v.changed_at
       from app.macro_versions v left join app.users u on u.id = v.changed_by
      where v.macro_id = ($1 ->> ''macro'')::bigint %s order by v.version desc limit %s',
    case when p_query ? 'before' then 'and v.version < ($1 ->> ''before'')::bigint' else '' end, v_limit + 1);
  return autocrm.page(v_sql, p_query || jsonb_build_object('macro', p_id), v_limit, '-version');
end
$$;
comment on function api.list_macro_versions(bigint, jsonb) is
  'A page of the versions of a macro, newest first: {items, next}, each with its text and actions then, who changed it and when. limit, after. TK404, TK422. Example: select api.list_macro_versions(1, ''{"limit": 5}'')';

-- The actions of a macro as the body of update_ticket, and skills beside it. All names that no longer exist are
-- reported at once.
create function api._macro_changes(p_ticket json, p_actions jsonb, out body jsonb, out skills jsonb)
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_action jsonb;
  v_place bigint;
  v_id bigint;
  v_problems text[] := '{}';
  v_tags text[] := array(select json_array_elements_text(p_ticket -> 'tags'));
begin
  body := '{}';
  skills := '{}';
  for v_action, v_place in select a, n - 1 from jsonb_array_elements(p_actions) with ordinality e (a, n)
  loop
    case
      when v_action ->> 'set' = 'team' then
        select id into v_id from app.teams where lower(name) = lower(normalize(v_action ->> 'value')) and active;
        if v_id is null then
          v_problems := v_problems || format('actions[%s].value: there is no team ''%s'' any more', v_place, v_action ->> 'value');
        end if;
        body := body || jsonb_build_object('team_id', v_id);
      when v_action ->> 'set' = 'form' then
        select id into v_id from app.ticket_forms where lower(name) = lower(normalize(v_action ->> 'value')) and active;
        if v_id is null then
          v_problems := v_problems || format('actions[%s].value: there is no form ''%s'' any more', v_place, v_action ->> 'value');
        end if;
        body := body || jsonb_build_object('form_id', v_id);
      when v_action ->> 'set' in ('status', 'priority', 'type') then
        body := body || jsonb_build_object(v_action ->> 'set', v_action -> 'value');
      when v_action ->> 'set' like 'custom.%' then
        body := jsonb_set(body, '{custom}', coalesce(body -> 'custom', '{}') || jsonb_build_object(substr(v_action ->> 'set', 8), v_action -> 'value'));
      when v_action ? 'add_tags' then
        v_tags := v_tags || array(select t from jsonb_array_elements_text(v_action -> 'add_tags') t
                                   where lower(t) <> all (select lower(x) from unnest(v_tags) x));
        body := body || jsonb_build_object('tags', v_tags);
      when v_action ? 'remove_tags' then
        v_tags := array(select x from unnest(v_tags) x
                         where lower(x) <> all (select lower(t) from jsonb_array_elements_text(v_action -> 'remove_tags') t));
        body := body || jsonb_build_object('tags', v_tags);
      when v_action ? 'assign' then
        v_id := case v_action ->> 'assign' when 'me' then autocrm.actor_id()
                when 'none' then null
                else (select u.id from app.users u where lower(u.email) = lower(normalize(v_action ->> 'assign')) and u.active) end;
        if v_id is null and v_action ->> 'assign' <> 'none' then
          v_problems := v_problems || format('actions[%s].assign: there is no agent ''%s'' that you can see', v_place, v_action ->> 'assign');
        end if;
        body := body || jsonb_build_object('assignee_id', v_id);
      when v_action ? 'require_skill' then
        select id into v_id from app.skills where lower(name) = lower(normalize(v_action ->> 'require_skill'));
        if v_id is null then
          v_problems := v_problems || format('actions[%s].require_skill: there is no skill ''%s'' any more', v_place, v_action ->> 'require_skill');
        else
          skills := skills || jsonb_build_object(v_id::text, coalesce(v_action -> 'level', '1'));
        end if;
    end case;
  end loop;
  if v_problems <> '{}' then
    perform api._refuse('This macro cannot be applied any more', v_problems);
  end if;
end
$$;

-- Definer: no role writes the count of uses. Nothing is counted for a macro that the caller does not see, by the rules
-- of the policies on app.macros.
create function api._count_macro_use(p_macro_id bigint)
  returns void
  language sql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
  insert into app.macro_uses (macro_id, uses, last_used_at)
  select m.id, 1, autocrm.now()
    from app.macros m
   where m.id = p_macro_id
     and (m.scope = 'shared' or m.owner_id = autocrm.actor_id()
          or m.team_id = any (autocrm.actor_team_ids()) or (m.scope = 'team' and autocrm.actor_sees_all()))
  on conflict (macro_id) do update set uses = app.macro_uses.uses + 1, last_used_at = excluded.last_used_at
$$;

-- The tags of a template and the text between them, in their order: quotes hold braces that end no tag.
create function api._template_parts(p_template text)
  returns table (part text, place bigint, variable text)
  language sql immutable strict parallel safe
  set search_path = ''
as $$
  select m[1], n, substring(m[1] from '^\{\{\s*(?!else\s*\}\})([[:alpha:]_][\w.-]*)\s*\}\}$')
    from regexp_matches(p_template, '(\{\{(?:[^"}]|\}(?!\})|"[^"]*")*\}\}|[^{]+|\{)', 'g') with ordinality t (m, n)
$$;

-- A template whose variables without a value stay as they are, {{ticket.custom.order}}: a reader sees what is to be filled
-- in. Those with a fallback of their own, and conditions, are left alone. p_only: this variable alone.
create function api._with_blanks(p_template text, p_only text default null)
  returns text
  language sql immutable parallel safe
  set search_path = ''
as $$
  select string_agg(case when variable = coalesce(p_only, variable) then format('{{%1$s | "{{%1$s}}"}}', variable) else part end, '' order by place)
    from api._template_parts(p_template)
$$;

-- The variables that leave an empty place in what a template says: without a value there, and without a fallback. Two
-- renderings are compared, for what a value says may look like a variable.
create function api._blanks(p_template text, p_values jsonb, p_html boolean)
  returns text[]
  language plpgsql immutable
  set search_path = ''
as $$
declare
  v_said text := autocrm.render_template(p_template, p_values, p_html);
begin
  if v_said = autocrm.render_template(api._with_blanks(p_template), p_values, p_html) then
    return '{}';
  end if;
  return array(
    select variable
      from api._template_parts(p_template)
     where variable is not null
     group by variable
    having v_said <> autocrm.render_template(api._with_blanks(p_template, variable), p_values, p_html)
     order by min(place));
end
$$;

-- Changes, then writes: the template sees the ticket as the actions leave it. With send = false neither the message nor the
-- status: the caller sends both as a message of their own, edited. What has no value is not sent as an empty place; with
-- p_blanks its message shows it.
create function api._use_macro(p_id bigint, p_macro_id bigint, p_body jsonb, p_version bigint, p_blanks boolean default false)
  returns jsonb
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_problems text[] := api._unknown_keys(p_body, array['version', 'send']) || api._version_problems(p_body);
  v_sends boolean := coalesce(p_body -> 'send' <> 'false', true);
  v_before json := api.get_ticket(p_id);
  v_macro json := api.get_macro(p_macro_id);
  v_after json;
  v_body jsonb;
  v_skills jsonb;
  v_html boolean := v_macro ->> 'body_html' is not null;
  v_template text := coalesce(v_macro ->> 'body_html', v_macro ->> 'body_text');
  v_values jsonb;
  v_blanks text[] := '{}';
  v_text text;
  v_message json;
begin
  perform api._need_scope('tickets:write');
  if not (v_macro ->> 'active')::boolean then
    v_problems := v_problems || format('macro: ''%s'' is switched off', v_macro ->> 'name');
  end if;
  if p_body ? 'send' and jsonb_typeof(p_body -> 'send') <> 'boolean' then
    v_problems := v_problems || 'send: must be true or false'::text;
  end if;
  if v_problems <> '{}' then
    perform api._refuse('This macro cannot be applied', v_problems);
  end if;
  perform from app.tickets where id = p_id for update;
  v_before := api.get_ticket(p_id);
  perform api._check_version(coalesce(p_version, (p_body ->> 'version')::bigint), (v_before ->> 'version')::bigint, v_before);
  select c.body, c.skills into v_body, v_skills from api._macro_changes(v_before, (v_macro ->> 'actions')::jsonb) c;
  if not v_sends then
    v_body := v_body - 'status';
  end if;
  if v_body <> '{}' then
    perform api.update_ticket(p_id, v_body);
  end if;
  if v_skills <> '{}' then
    update app.tickets set required_skills = required_skills || v_skills where id = p_id;
  end if;
  if v_sends and v_macro ->> 'message_kind' is not null then
    v_values := api._template_values(p_id, v_macro ->> 'message_kind');
    v_blanks := api._blanks(v_template, v_values, v_html);
    if v_blanks <> '{}' and not p_blanks then
      perform api._refuse('This macro cannot be applied', array[format(
        '%s: there is nothing to put in place of %s; fill in the value, give the variable a fallback as in {{requester.name | "customer"}}, or apply the macro with send = false and write the message yourself',
        case when v_html then 'body_html' else 'body_text' end, array_to_string(v_blanks, ', '))]);
    end if;
    v_text := autocrm.render_template(case when p_blanks then api._with_blanks(v_template) else v_template end, v_values, v_html);
    -- A template may render to nothing.
    if trim(v_text) <> '' then
      v_message := api.create_message(p_id, jsonb_build_object('kind', v_macro ->> 'message_kind',
        case when v_html then 'body_html' else 'body_text' end, v_text));
    end if;
  end if;
  v_after := api.get_ticket(p_id);
  perform api._count_macro_use(p_macro_id);
  return jsonb_build_object(
    'ticket', v_after,
    'changes', (select coalesce(jsonb_object_agg(a.key, jsonb_build_array(b.value, a.value)), '{}')
                  from jsonb_each(v_after::jsonb) a join jsonb_each(v_before::jsonb) b on b.key = a.key
                 where a.value <> b.value and a.key not in ('version', 'updated_at')),
    'message', v_message)
    || case when p_blanks then jsonb_build_object('blanks', v_blanks) else '{}' end;
end
$$;

create function api.apply_macro(p_id bigint, p_macro_id bigint, p_body jsonb default '{}', p_version bigint default null)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
begin
  return api._use_macro(p_id, p_macro_id, coalesce(p_body, '{}'), p_version);
end
$$;
comment on function api.apply_macro(bigint, bigint, jsonb, bigint) is
  'Applies a macro to a ticket, all of it or nothing: {ticket, changes: {field: [old, new]}, message}. With send = false its message and its status are left to a message that the caller sends themselves. Keys: version, send. TK404, TK409 with the current ticket when the version given is stale, TK422 for what the desk would refuse anyway, and when a variable of the message has neither a value here nor a fallback. Example: select api.apply_macro(7, 1)';

-- A ticket as its changes are told: keys and names, without what is derived. Custom fields as far as the caller may see
-- them, also where the owner asks.
create function api._ticket_in_words(p_id bigint)
  returns jsonb
  language plpgsql stable
  set search_path = ''
as $$
begin
  return (
    select jsonb_build_object(
             'type', t.type,
             'form', (select jsonb_build_object('id', f.id, 'name', f.name) from app.ticket_forms f where f.id = t.form_id),
             'status', (select s.key from app.statuses s where s.id = t.status_id),
             'priority', (select p.key from app.priorities p where p.id = t.priority_id),
             'team', (select jsonb_build_object('id', g.id, 'name', g.name) from app.teams g where g.id = t.team_id),
             'assignee', (select jsonb_build_object('id', u.id, 'name', u.name) from app.users u where u.id = t.assignee_id),
             'tags', to_jsonb(autocrm.tag_names(t.tag_ids)),
             'required_skills', api._skill_names(t.required_skills),
             'custom', (select coalesce(jsonb_object_agg(e.key, e.value), '{}')
                          from (select c.key, c.value from jsonb_each(t.custom) c
                                union all
                                select v.field_key, v.value from app.ticket_field_values v where v.ticket_id = t.id) e
                         where autocrm.sees_field(e.key)))
      from app.tickets t where t.id = p_id);
end
$$;

-- The triggers that would answer what this transaction has done to a ticket so far, tried and undone. Definer:
-- rules act for the desk; whatever they do here does not stay.
create function api._rehearse_triggers(p_ticket_id bigint)
  returns jsonb
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_xid xid8 := autocrm.log_xid();
  v_firing bigint;
  v_before jsonb;
  v_after jsonb := api._ticket_in_words(p_ticket_id);
  v_last bigint;
  v_done jsonb;
  v_answer jsonb := '[]';
begin
  if not autocrm.sees_ticket(p_ticket_id) then
    return v_answer;
  end if;
  begin
    foreach v_firing in array
      app.note_firings('trigger', autocrm.matching_triggers(p_ticket_id, v_xid::text), p_ticket_id, v_xid)
    loop
      v_before := v_after;
      v_last := coalesce((select max(m.id) from app.messages m where m.ticket_id = p_ticket_id), 0);
      perform app.carry_out(v_firing);
      v_after := api._ticket_in_words(p_ticket_id);
      select jsonb_build_object('id', f.rule_id, 'name', f.rule_name, 'problem', f.error ->> 'message',
               'changes', (select coalesce(jsonb_object_agg(a.key, jsonb_build_array(v_before -> a.key, a.value)), '{}')
                             from jsonb_each(v_after) a where a.value <> v_before -> a.key),
               'messages', (select coalesce(jsonb_agg(m.kind order by m.id), '[]')
                              from app.messages m
                             where m.ticket_id = p_ticket_id and m.id > v_last and m.kind <> 'system'))
        into v_done
        from app.rule_firings f where f.id = v_firing;
      v_answer := v_answer || v_done;
    end loop;
    raise exception using errcode = 'TK299', message = 'undone';
  exception when sqlstate 'TK299' then
    null;
  end;
  return v_answer;
end
$$;

create function api.preview_macro(p_id bigint, p_macro_id bigint, p_body jsonb default '{}', p_version bigint default null)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_answer jsonb;
begin
  -- Applied and rolled back, so that every check and trigger runs and nothing stays.
  begin
    v_answer := api._use_macro(p_id, p_macro_id, coalesce(p_body, '{}'), p_version, p_blanks => true);
    v_answer := v_answer || jsonb_build_object('triggers', api._rehearse_triggers(p_id));
    raise exception using errcode = 'TK299', message = 'undone';
  exception when sqlstate 'TK299' then
    null;
  end;
  return v_answer - 'ticket' || jsonb_build_object('message', case
    when v_answer -> 'message' <> 'null' then jsonb_build_object(
      'kind', v_answer #> '{message,kind}', 'body_text', v_answer #> '{message,body_text}', 'body_html', v_answer #> '{message,body_html}') end);
end
$$;
comment on function api.preview_macro(bigint, bigint, jsonb, bigint) is
  'What apply_macro would do, without doing it: {changes, message, blanks, triggers: [{id, name, problem, changes, messages}] that would answer it, in their order, with what each changes and the kinds of messages that it writes}. blanks: the variables of its message that have neither a value here nor a fallback; they stay as they are written, {{ticket.custom.order}}, and apply_macro refuses to send them. Otherwise the same refusals. Example: select api.preview_macro(7, 1)';
