-- What a browser brings to log in with, whose external ids are whose, and how long every text may be.

-- Of the browser, when it has signed this account in before.
alter table app.log_in_attempts add column device text;
create index log_in_attempts_succeeded_idx on app.log_in_attempts (lower(email), ip) where succeeded;

-- Whoever sees every ticket shares one space of external ids (0); whoever does not has one of their own, so that no
-- refusal tells of a ticket that they do not see.
alter table app.tickets add column external_origin bigint not null default 0;
alter table app.tickets drop constraint tickets_external_id_key;
create unique index tickets_external_key on app.tickets (external_id, external_origin) where external_id is not null;

-- A constraint's name says what it limits, <table>_<column>_<kind>_<most>: max characters, most entries, bytes. The API
-- tells so by the column. Rows from before that are longer stay; they are told here and refused when they change.
do $$
declare
  v_table text;
  v_column text;
  v_kind text;
  v_most integer;
  v_name text;
begin
  for v_table, v_column, v_kind, v_most in
    values ('tickets', 'external_id', 'max', 255), ('tickets', 'language', 'max', 35),
           ('tickets', 'description', 'bytes', 4000000), ('tickets', 'description_html', 'bytes', 4000000),
           ('tickets', 'tag_ids', 'most', 500),
           ('messages', 'body_text', 'bytes', 4000000), ('messages', 'body_html', 'bytes', 4000000),
           ('drafts', 'body_text', 'bytes', 4000000), ('drafts', 'body_html', 'bytes', 4000000),
           ('organizations', 'external_id', 'max', 255), ('organizations', 'notes', 'max', 100000),
           ('organizations', 'domains', 'most', 500),
           ('users', 'external_id', 'max', 255), ('users', 'locale', 'max', 35), ('users', 'time_zone', 'max', 64),
           ('users', 'phone', 'max', 64),
           ('teams', 'description', 'max', 10000), ('teams', 'focus_areas', 'most', 100),
           ('statuses', 'label', 'max', 100), ('priorities', 'label', 'max', 100),
           ('skills', 'name', 'max', 100), ('skills', 'description', 'max', 10000),
           ('schedules', 'time_zone', 'max', 64),
           ('routing_rules', 'name', 'max', 200),
           ('custom_fields', 'label', 'max', 200), ('custom_fields', 'description', 'max', 10000),
           ('object_types', 'description', 'max', 10000),
           ('object_fields', 'label', 'max', 200), ('object_fields', 'description', 'max', 10000),
           ('ticket_forms', 'description', 'max', 10000),
           ('macros', 'description', 'max', 10000), ('macros', 'body_text', 'bytes', 1000000), ('macros', 'body_html', 'bytes', 1000000),
           ('views', 'description', 'max', 10000), ('views', 'sort', 'max', 100), ('views', 'group_by', 'max', 100),
           ('views', 'columns', 'most', 100),
           ('attachments', 'media_type', 'max', 255),
           ('settings', 'attachment_types', 'most', 500), ('settings', 'attachment_blocked_extensions', 'most', 500),
           ('api_keys', 'name', 'max', 200), ('api_keys', 'team_ids', 'most', 1000),
           ('log_in_attempts', 'email', 'max', 320), ('log_in_attempts', 'device', 'max', 100)
  loop
    v_name := format('%s_%s_%s_%s', v_table, v_column, v_kind, v_most);
    execute format('alter table app.%I add constraint %I check (%s(%I) <= %s) not valid', v_table, v_name,
      case v_kind when 'max' then 'length' when 'bytes' then 'octet_length' else 'cardinality' end, v_column, v_most);
    begin
      execute format('alter table app.%I validate constraint %I', v_table, v_name);
    exception when check_violation then
      raise warning 'app.%: rows exceed what is allowed now for %', v_table, v_column;
    end;
  end loop;
end
$$;

-- Entries of lists of words.
alter table app.organizations add constraint organizations_domains_bytes_100000 check (octet_length(domains::text) <= 100000) not valid;
alter table app.teams add constraint teams_focus_areas_bytes_100000 check (octet_length(focus_areas::text) <= 100000) not valid;
alter table app.views add constraint views_columns_bytes_10000 check (octet_length(columns::text) <= 10000) not valid;
alter table app.settings
  add constraint settings_attachment_types_bytes_100000 check (octet_length(attachment_types::text) <= 100000) not valid,
  add constraint settings_attachment_blocked_extensions_bytes_100000 check (octet_length(attachment_blocked_extensions::text) <= 100000) not valid;
