-- Words found in every script, in one form of each letter, and names in the order that people expect.

-- Documents of an earlier release lack the parts of compounds and the pairs of letters: the worker renews them a few at
-- a time. What is in the trash has none from now on.
delete from app.search_documents d using app.tickets t where t.id = d.ticket_id and t.deleted_at is not null;
alter table app.search_documents add column outdated boolean not null default true;
alter table app.search_documents alter column outdated set default false;
create index search_documents_outdated_idx on app.search_documents (ticket_id) where outdated;

-- Names are listed as people expect: adam, Ärzte, Émile, über, Zoe. A server without ICU lists them by their bytes.
do $$
begin
  if exists (select from pg_collation where collname = 'und-x-icu' and collnamespace = 'pg_catalog'::regnamespace) then
    create collation app.names (provider = icu, locale = 'und');
  else
    raise warning 'this server has no ICU: names are listed by their bytes, small letters after Z';
    create collation app.names from pg_catalog."C";
  end if;
end
$$;
create index users_names_idx on app.users (name collate app.names, id);
create index organizations_names_idx on app.organizations (name collate app.names, id);
create index tags_names_idx on app.tags (name collate app.names, id);
-- Beside the index on sort_name, which finds how a name begins.
create index object_records_type_names_idx on app.object_records (object_type_id, (name collate app.names), id);
create index object_records_names_idx on app.object_records (name collate app.names, id);

-- Names have one form of each letter (sql/app/_names.sql); those that do not yet, get it. Two that become one
-- are left as they are, for an administrator to merge.
do $$
declare
  v_column record;
  v_id bigint;
begin
  for v_column in
    select * from (values
      ('organizations', 'name'), ('teams', 'name'), ('users', 'name'), ('users', 'email'), ('tags', 'name'), ('skills', 'name'),
      ('schedules', 'name'), ('ticket_forms', 'name'), ('macros', 'name'), ('views', 'name'), ('statuses', 'label'),
      ('priorities', 'label'), ('custom_fields', 'label'), ('object_types', 'name'), ('object_types', 'plural_name'),
      ('object_fields', 'label'), ('object_records', 'name'), ('routing_rules', 'name'), ('triggers', 'name'),
      ('automations', 'name')) c (tab, col)
  loop
    for v_id in execute format('select id from app.%1$I where %2$I is not nfc normalized', v_column.tab, v_column.col)
    loop
      begin
        execute format('update app.%1$I set %2$I = normalize(%2$I) where id = $1', v_column.tab, v_column.col) using v_id;
      exception when unique_violation then
        raise warning 'app.% % is named like another one, written with other letters; merge them', v_column.tab, v_id;
      end;
    end loop;
  end loop;
end
$$;

-- Who is on which ticket. Worth nothing after a crash, so it is never written to the log of the server.
create unlogged table app.presence (
  ticket_id bigint not null,
  user_id bigint not null,
  state text not null check (state in ('viewing', 'writing_reply', 'writing_note')),
  seen_at timestamptz not null default now(),
  primary key (ticket_id, user_id)
) with (fillfactor = 50);
create index presence_user_idx on app.presence (user_id);
alter table app.presence enable row level security;
