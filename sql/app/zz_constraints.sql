-- What the constraints of a table ask, in words. Postgres' own error tells one constraint by its internal name; here a
-- row that people write at a SQL prompt is refused with everything that its checks miss. Requests of the API are checked
-- before they become rows (api._check_types). Keys and references are put into words where their error ends the statement
-- (extension/src/access/constraints.rs).

-- What a check of one column asks of its value, in words, from its name or its definition.
create function app._asked_by(p_name text, p_definition text)
  returns text
  language sql immutable
  set search_path = ''
as $$
  select case
    when p_name ~ '_max_[0-9]+$' then format('must have at most %s characters', substring(p_name from '[0-9]+$'))
    when p_name ~ '_most_[0-9]+$' then format('must have at most %s entries', substring(p_name from '[0-9]+$'))
    when p_name ~ '_bytes_[0-9]+$' then format('must have at most %s bytes', substring(p_name from '[0-9]+$'))
    when p_definition ~ '\^\[a-z\]\[a-z0-9_\]\{0,[0-9]+\}\$' then format('must be a letter from a to z, then letters, digits or _; at most %s characters',
      substring(p_definition from '\{0,([0-9]+)\}')::integer + 1)
    when p_definition ~ '\^#' then 'must be a colour such as #336699'
    when p_definition ~ '@' then 'must be an e-mail address such as ada@example.com'
    when p_definition ~ '\^\[\^\\s,\]' then 'must be a word without blanks or commas, of at most 80 characters'
    when p_definition ~ '\^\[a-z0-9-\]' then 'must be 1 to 40 letters from a to z, digits or -'
    when p_definition ~ 'length\(\w+\) <= [0-9]+' then format('must have 1 to %s characters', substring(p_definition from 'length\(\w+\) <= ([0-9]+)'))
    when p_definition ~ '<> ''''' then 'must not be empty'
    when p_definition ~ '>= [0-9]+\) AND \(\w+ <= [0-9]+' then format('must be a whole number from %s to %s',
      substring(p_definition from '>= ([0-9]+)'), substring(p_definition from '<= ([0-9]+)'))
    when p_definition ~ 'ARRAY\[''' then format('must be one of %s', (
      select string_agg(m[1], ', ') from regexp_matches(p_definition, '''([a-z_]+)''', 'g') m))
    when p_definition ~ 'jsonb_typeof' then 'must be an object'
    else 'is outside of what is allowed' end
$$;
grant execute on function app._asked_by(text, text) to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_customer, autocrm_analyst;

-- Where the definition does not give them.
comment on constraint attachments_check on app.attachments is 'message_id: needs ticket_id and message_at beside it, and they need it';
comment on constraint customer_notes_one_subject on app.customer_notes is 'user_id: give either user_id or organization_id';
comment on constraint drafts_attachment_ids_check on app.drafts is 'attachment_ids: must be a plain list of at most 1000 ids';
comment on constraint drafts_kind_check on app.drafts is 'kind: must be one of reply, note';
comment on constraint legal_holds_one_subject on app.legal_holds is 'ticket_id: give one of ticket_id, user_id and organization_id';
comment on constraint macros_check on app.macros is 'team_id: is required by the scope team, and by no other';
comment on constraint macros_check1 on app.macros is 'owner_id: is required by the scope private, and by no other';
comment on constraint notifications_delivery_check on app.notifications is 'delivery: must be one of in_app, email, digest';
comment on constraint organizations_domains_check on app.organizations is 'domains: must be a plain list of domains such as example.com';
comment on constraint settings_attachment_max_bytes_check on app.settings is 'attachment_max_bytes: must be a whole number above 0';
comment on constraint settings_singleton_check on app.settings is 'singleton: there is one row of settings';
comment on constraint tag_settings_singleton_check on app.tag_settings is 'singleton: there is one row of settings';
comment on constraint teams_fairness_is_whole on app.teams is 'fair_count: needs fair_minutes beside it, which needs it too';
comment on constraint ticket_forms_check on app.ticket_forms is 'is_default: the default form must be active';
comment on constraint ticket_forms_shown_to_check on app.ticket_forms is 'shown_to: must be a list of agent, customer';
comment on constraint ticket_links_check on app.ticket_links is 'other_id: must be another ticket than ticket_id';
comment on constraint users_merged_check on app.users is 'merged_into_id: must be another user, and whoever was merged is not active';
comment on constraint views_check on app.views is 'team_id: is required by the visibility team, and by no other';
comment on constraint views_check1 on app.views is 'owner_id: is required by the visibility private, and by no other';
comment on constraint worker_tasks_paused_check on app.worker_tasks is 'paused: the watchdog of SQL prompts cannot be paused';
comment on constraint workflow_id_check on app.workflow is 'id: there is one row of the workflow';

-- A check as "path: words"; NULL for one that has none.
create function app._constraint_words(p_constraint oid)
  returns text
  language sql stable
  set search_path = ''
as $$
  select coalesce(
           pg_catalog.obj_description(c.oid, 'pg_constraint'),
           (select format('%s: %s', a.attname, w.words)
              from pg_catalog.pg_attribute a, app._asked_by(c.conname, pg_catalog.pg_get_constraintdef(c.oid)) w (words)
             where a.attrelid = c.conrelid and c.conkey = array[a.attnum] and w.words <> 'is outside of what is allowed'))
    from pg_catalog.pg_constraint c where c.oid = p_constraint
$$;

-- The argument is the statement that answers the problems of the row $1.
create function app.tg_constraints()
  returns trigger
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_problems text;
begin
  execute tg_argv[0] into v_problems using new;
  if v_problems is not null then
    perform autocrm.fail('TK422', format('This row of %s does not fit', tg_table_name), v_problems,
      'Correct each value and write the row again; nothing was saved.');
  end if;
  return new;
end
$$;

-- For all tables that people write, but for tickets and messages, which native triggers check. Last of the BEFORE triggers:
-- the others fill in what is left out.
do $$
declare
  v_table record;
begin
  for v_table in
    select c.oid, c.relname,
           (select string_agg(format('case when %s then %L end', x.broken, x.words), ', ' order by x.words) from (
              select format('r.%I is null', a.attname) as broken, a.attname || ': is required' as words
                from pg_attribute a
               where a.attrelid = c.oid and a.attnum > 0 and a.attnotnull and a.attgenerated = ''
              union all
              select format('not (%s)', pg_get_expr(k.conbin, k.conrelid)), app._constraint_words(k.oid)
                from pg_constraint k
               where k.conrelid = c.oid and k.contype = 'c'
                 and not exists (select from pg_attribute g where g.attrelid = c.oid and g.attnum = any (k.conkey) and g.attgenerated <> '')
            ) x where x.words is not null) as problems
      from pg_class c
     where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and c.relname not in ('tickets', 'messages')
       and exists (
         select from unnest(array['autocrm_admin', 'autocrm_agent']) role, unnest(array['insert', 'update']) verb
          where has_any_column_privilege(role, c.oid, verb))
  loop
    execute format(
      'create trigger tg_%1$s__990_constraints before insert or update on app.%1$I
         for each row when (autocrm.at_prompt()) execute function app.tg_constraints(%2$L)',
      v_table.relname,
      format('select nullif(concat_ws(e''\n'', %s), '''') from (select ($1).*) r', v_table.problems));
  end loop;
end
$$;
