-- Records of the desk's own making (assets, contracts …), and the forms by which tickets are filled in.

create table app.object_types (
  id bigint generated always as identity primary key,
  key text not null unique check (key ~ '^[a-z][a-z0-9_]{0,39}$'),
  name text not null check (name <> '' and length(name) <= 100),
  plural_name text not null check (plural_name <> '' and length(plural_name) <= 100),
  description text not null default '',
  icon text not null default 'box' check (icon ~ '^[a-z0-9-]{1,40}$'),
  -- true: records are made, changed and removed by admins only; otherwise by agents too.
  admins_write boolean not null default false,
  -- false: no new records.
  active boolean not null default true,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

-- As app.custom_fields, for the records of one type.
create table app.object_fields (
  id bigint generated always as identity primary key,
  object_type_id bigint not null references app.object_types (id) on delete cascade,
  key text not null check (key ~ '^[a-z][a-z0-9_]{0,59}$'),
  label text not null check (label <> ''),
  description text not null default '',
  type app.field_type not null,
  config jsonb not null default '{}',
  required boolean not null default false,
  default_value jsonb,
  visible_when jsonb,
  position integer not null default 0,
  active boolean not null default true,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (object_type_id, key)
);

create table app.object_records (
  id bigint generated always as identity primary key,
  object_type_id bigint not null references app.object_types (id),
  name text not null check (name <> '' and length(name) <= 200),
  -- What records are sorted by and found by the beginning of. Its own column: under row-level security an
  -- expression over lower() reaches no index, since lower() is not leakproof.
  sort_name text collate "C" generated always as (lower(name)) stored,
  -- What another system calls it.
  external_key text check (external_key <> '' and length(external_key) <= 200),
  custom jsonb not null default '{}' check (jsonb_typeof(custom) = 'object'),
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (object_type_id, external_key)
);
create index object_records_type_name_idx on app.object_records (object_type_id, sort_name, id);
create index object_records_type_created_idx on app.object_records (object_type_id, created_at, id);
create index object_records_name_idx on app.object_records (sort_name, id);
create index object_records_created_idx on app.object_records (created_at, id);
-- Which records point to a row that is removed.
create index object_records_custom_idx on app.object_records using gin (custom jsonb_path_ops);

-- Which tickets point to a record, by which field. Triggers keep it: tickets.custom has no index that could tell.
create table app.ticket_records (
  ticket_id bigint not null references app.tickets (id) on delete cascade,
  custom_field_id bigint not null references app.custom_fields (id) on delete cascade,
  record_id bigint not null references app.object_records (id) on delete cascade,
  primary key (ticket_id, custom_field_id)
);
create index ticket_records_record_idx on app.ticket_records (record_id, ticket_id);
create index ticket_records_field_idx on app.ticket_records (custom_field_id);

create type app.form_requirement as enum ('create', 'solve', 'never');

create table app.ticket_forms (
  id bigint generated always as identity primary key,
  name text not null check (name <> '' and length(name) <= 100),
  description text not null default '',
  position integer not null default 0,
  active boolean not null default true,
  -- What a ticket gets that is made without one.
  is_default boolean not null default false,
  -- Who may choose it; admins and integrations always may.
  shown_to app.user_role[] not null default '{agent}' check (shown_to <@ '{agent,customer}'),
  -- Agents of these teams only; NULL: of every team.
  team_ids bigint[],
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check (active or not is_default)
);
create unique index ticket_forms_name_key on app.ticket_forms (lower(name));
create unique index ticket_forms_default_key on app.ticket_forms (is_default) where is_default;

create table app.ticket_form_fields (
  form_id bigint not null references app.ticket_forms (id) on delete cascade,
  custom_field_id bigint not null references app.custom_fields (id) on delete cascade,
  position integer not null default 0,
  -- NULL: as the field says.
  required app.form_requirement,
  -- {"field": key, "in": [values]}; NULL: as the field says.
  visible_when jsonb,
  primary key (form_id, custom_field_id)
);
create index ticket_form_fields_field_idx on app.ticket_form_fields (custom_field_id);

alter table app.tickets add column form_id bigint references app.ticket_forms (id);
create index tickets_form_idx on app.tickets (form_id) where form_id is not null;

do $$
declare
  v_table regclass;
begin
  foreach v_table in array array['app.object_types', 'app.object_fields', 'app.object_records', 'app.ticket_records',
                                 'app.ticket_forms', 'app.ticket_form_fields']::regclass[]
  loop
    execute format('alter table %s enable row level security', v_table);
  end loop;
end
$$;
