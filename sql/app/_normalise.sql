-- Unicode normalisation (NFC) of names, rules, templates and custom fields: é may be one character or an e followed by an accent, and
-- only in one form do equal texts compare equal.

create function app.tg_normalise()
  returns trigger
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_row jsonb := to_jsonb(new);
  v_changed jsonb := '{}';
  v_column text;
begin
  foreach v_column in array tg_argv
  loop
    if v_row -> v_column <> 'null' then
      -- Normalising JSON text can only change its strings.
      v_changed := v_changed || jsonb_build_object(v_column, normalize((v_row -> v_column)::text)::jsonb);
    end if;
  end loop;
  return jsonb_populate_record(new, v_changed);
end
$$;

-- The trigger of tickets puts them in NFC itself. WHEN tests without calling the function, so that text in NFC, the usual case, costs nothing.
do $$
declare
  v_table record;
begin
  for v_table in
    select t.name, string_agg(format('new.%I::text is not nfc normalized', c), ' or ') as condition, string_agg(quote_literal(c), ', ') as columns,
           string_agg(quote_ident(c), ', ') as listed
      from (values
        ('organizations', '{name,custom}'::text[]), ('teams', '{name}'), ('users', '{name,email,custom}'), ('tags', '{name}'), ('skills', '{name}'),
        ('schedules', '{name}'), ('ticket_forms', '{name}'), ('ticket_form_fields', '{visible_when}'),
        ('macros', '{name,actions,body_text,body_html}'), ('views', '{name,conditions}'),
        ('statuses', '{label}'), ('priorities', '{label}'), ('custom_fields', '{label,config,default_value,visible_when}'),
        ('object_types', '{name,plural_name}'), ('object_fields', '{label,config,default_value,visible_when}'),
        ('object_records', '{name,custom}'), ('field_jobs', '{conditions,value}'),
        ('routing_rules', '{name,conditions,actions}'), ('triggers', '{name,conditions,actions}'),
        ('automations', '{name,conditions,actions}'), ('sla_policies', '{name,conditions}'), ('retention_policies', '{name,conditions}'), ('legal_holds', '{name,reason}'),
        ('attachments', '{name}'), ('api_keys', '{name}')) t (name, columns)
     cross join unnest(t.columns) c
     group by t.name
  loop
    execute format(
      'create trigger tg_%1$s__050_normalise before insert or update of %4$s on app.%1$I
         for each row when (%2$s) execute function app.tg_normalise(%3$s)', v_table.name, v_table.condition, v_table.columns, v_table.listed);
  end loop;
end
$$;
