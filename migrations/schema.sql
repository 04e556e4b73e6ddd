--
-- PostgreSQL database dump
--



SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: app; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA app;


--
-- Name: SCHEMA app; Type: COMMENT; Schema: -; Owner: -
--

COMMENT ON SCHEMA app IS 'Tables of the desk. Protected by row-level security; see sql/app/.';


--
-- Name: audit_action; Type: TYPE; Schema: app; Owner: -
--

CREATE TYPE app.audit_action AS ENUM (
    'insert',
    'update',
    'delete',
    'refused'
);


--
-- Name: availability; Type: TYPE; Schema: app; Owner: -
--

CREATE TYPE app.availability AS ENUM (
    'online',
    'away',
    'busy',
    'offline'
);


--
-- Name: channel; Type: TYPE; Schema: app; Owner: -
--

CREATE TYPE app.channel AS ENUM (
    'web',
    'email',
    'api',
    'phone',
    'chat',
    'social',
    'import'
);


--
-- Name: field_type; Type: TYPE; Schema: app; Owner: -
--

CREATE TYPE app.field_type AS ENUM (
    'text',
    'multiline',
    'integer',
    'decimal',
    'boolean',
    'date',
    'datetime',
    'dropdown',
    'multiselect',
    'regex',
    'url',
    'email',
    'relation'
);


--
-- Name: message_kind; Type: TYPE; Schema: app; Owner: -
--

CREATE TYPE app.message_kind AS ENUM (
    'reply',
    'note',
    'system'
);


--
-- Name: status_category; Type: TYPE; Schema: app; Owner: -
--

CREATE TYPE app.status_category AS ENUM (
    'new',
    'open',
    'pending',
    'on_hold',
    'solved',
    'closed'
);


--
-- Name: ticket_access; Type: TYPE; Schema: app; Owner: -
--

CREATE TYPE app.ticket_access AS ENUM (
    'all',
    'teams'
);


--
-- Name: ticket_type; Type: TYPE; Schema: app; Owner: -
--

CREATE TYPE app.ticket_type AS ENUM (
    'question',
    'incident',
    'problem',
    'task'
);


--
-- Name: user_role; Type: TYPE; Schema: app; Owner: -
--

CREATE TYPE app.user_role AS ENUM (
    'admin',
    'agent',
    'customer',
    'analyst',
    'integration'
);


--
-- Name: ensure_partitions(integer); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.ensure_partitions(p_months_ahead integer DEFAULT 3) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_table text;
  v_month date;
  v_name text;
  v_made integer := 0;
begin
  foreach v_table in array array['messages', 'events', 'audit_log', 'routing_decisions']
  loop
    v_name := v_table || '_default';
    if to_regclass('app.' || v_name) is null then
      execute format('create table app.%I partition of app.%I default', v_name, v_table);
      execute format('alter table app.%I enable row level security', v_name);
      v_made := v_made + 1;
    end if;
    for v_month in
      select m::date
        from generate_series(
          date_trunc('month', autocrm.now() at time zone 'UTC') - interval '1 month',
          date_trunc('month', autocrm.now() at time zone 'UTC') + make_interval(months => p_months_ahead),
          interval '1 month'
        ) m
    loop
      v_name := v_table || '_' || to_char(v_month, 'YYYY_MM');
      if to_regclass('app.' || v_name) is null then
        begin
          execute format(
            'create table app.%I partition of app.%I for values from (%L) to (%L)',
            v_name, v_table,
            to_char(v_month, 'YYYY-MM-DD') || ' 00:00:00+00',
            to_char(v_month + interval '1 month', 'YYYY-MM-DD') || ' 00:00:00+00'
          );
          execute format('alter table app.%I enable row level security', v_name);
          v_made := v_made + 1;
        exception
          -- Rows of that month are in the default partition already and may stay there.
          when check_violation then null;
        end;
      end if;
    end loop;
  end loop;
  return v_made;
end
$$;


--
-- Name: FUNCTION ensure_partitions(p_months_ahead integer); Type: COMMENT; Schema: app; Owner: -
--

COMMENT ON FUNCTION app.ensure_partitions(p_months_ahead integer) IS 'Makes the partitions of last month to p_months_ahead months from now; answers how many were missing.';


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: api_keys; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.api_keys (
    id bigint NOT NULL,
    name text NOT NULL,
    prefix text NOT NULL,
    hash bytea NOT NULL,
    user_id bigint NOT NULL,
    scopes text[] DEFAULT '{}'::text[] NOT NULL,
    team_ids bigint[],
    created_by bigint,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone,
    last_used_at timestamp with time zone,
    revoked_at timestamp with time zone,
    version bigint DEFAULT 1 NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT api_keys_name_check CHECK ((name <> ''::text))
);


--
-- Name: audit_log; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.audit_log (
    id bigint NOT NULL,
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    actor_id bigint,
    api_key_id bigint,
    session_user_name name DEFAULT SESSION_USER NOT NULL,
    action app.audit_action NOT NULL,
    table_name name NOT NULL,
    row_key text,
    changes jsonb DEFAULT '{}'::jsonb NOT NULL
)
PARTITION BY RANGE (at);


--
-- Name: users; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.users (
    id bigint NOT NULL,
    role app.user_role DEFAULT 'customer'::app.user_role NOT NULL,
    name text NOT NULL,
    email text,
    organization_id bigint,
    pg_role name,
    ticket_access app.ticket_access DEFAULT 'teams'::app.ticket_access NOT NULL,
    availability app.availability DEFAULT 'offline'::app.availability NOT NULL,
    capacity integer DEFAULT 10 NOT NULL,
    locale text DEFAULT 'en'::text NOT NULL,
    time_zone text DEFAULT 'UTC'::text NOT NULL,
    phone text,
    active boolean DEFAULT true NOT NULL,
    external_id text,
    version bigint DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT users_capacity_check CHECK (((capacity >= 0) AND (capacity <= 1000))),
    CONSTRAINT users_email_check CHECK (((email ~ '^[^@\s]+@[^@\s]+$'::text) AND (length(email) <= 320))),
    CONSTRAINT users_name_check CHECK (((name <> ''::text) AND (length(name) <= 200)))
);


--
-- Name: custom_fields; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.custom_fields (
    id bigint NOT NULL,
    key text NOT NULL,
    label text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    type app.field_type NOT NULL,
    config jsonb DEFAULT '{}'::jsonb NOT NULL,
    required_on_create boolean DEFAULT false NOT NULL,
    required_on_solve boolean DEFAULT false NOT NULL,
    default_value jsonb,
    visible_when jsonb,
    visible_to app.user_role[] DEFAULT '{admin,agent,analyst,integration}'::app.user_role[] NOT NULL,
    "position" integer DEFAULT 0 NOT NULL,
    active boolean DEFAULT true NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT custom_fields_key_check CHECK ((key ~ '^[a-z][a-z0-9_]{0,59}$'::text)),
    CONSTRAINT custom_fields_label_check CHECK ((label <> ''::text))
);


--
-- Name: messages; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.messages (
    id bigint NOT NULL,
    ticket_id bigint NOT NULL,
    kind app.message_kind DEFAULT 'reply'::app.message_kind NOT NULL,
    author_id bigint,
    body_text text DEFAULT ''::text NOT NULL,
    body_html text,
    channel app.channel DEFAULT 'web'::app.channel NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
)
PARTITION BY RANGE (created_at);


--
-- Name: organizations; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.organizations (
    id bigint NOT NULL,
    name text NOT NULL,
    domains text[] DEFAULT '{}'::text[] NOT NULL,
    notes text DEFAULT ''::text NOT NULL,
    custom jsonb DEFAULT '{}'::jsonb NOT NULL,
    external_id text,
    version bigint DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT organizations_name_check CHECK (((name <> ''::text) AND (length(name) <= 200)))
);


--
-- Name: priorities; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.priorities (
    id bigint NOT NULL,
    key text NOT NULL,
    label text NOT NULL,
    color text DEFAULT '#64748b'::text NOT NULL,
    weight integer NOT NULL,
    active boolean DEFAULT true NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT priorities_color_check CHECK ((color ~ '^#[0-9a-f]{6}$'::text)),
    CONSTRAINT priorities_key_check CHECK ((key ~ '^[a-z][a-z0-9_]{0,39}$'::text))
);


--
-- Name: statuses; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.statuses (
    id bigint NOT NULL,
    key text NOT NULL,
    label text NOT NULL,
    color text DEFAULT '#64748b'::text NOT NULL,
    category app.status_category NOT NULL,
    "position" integer DEFAULT 0 NOT NULL,
    active boolean DEFAULT true NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT statuses_color_check CHECK ((color ~ '^#[0-9a-f]{6}$'::text)),
    CONSTRAINT statuses_key_check CHECK ((key ~ '^[a-z][a-z0-9_]{0,39}$'::text))
);


--
-- Name: tags; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.tags (
    id bigint NOT NULL,
    name text NOT NULL,
    color text DEFAULT '#64748b'::text NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT tags_color_check CHECK ((color ~ '^#[0-9a-f]{6}$'::text)),
    CONSTRAINT tags_name_check CHECK ((name ~ '^[^\s,]{1,80}$'::text))
);


--
-- Name: teams; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.teams (
    id bigint NOT NULL,
    name text NOT NULL,
    color text DEFAULT '#64748b'::text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    active boolean DEFAULT true NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT teams_color_check CHECK ((color ~ '^#[0-9a-f]{6}$'::text)),
    CONSTRAINT teams_name_check CHECK (((name <> ''::text) AND (length(name) <= 100)))
);


--
-- Name: tickets; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.tickets (
    id bigint NOT NULL,
    subject text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    description_html text,
    status_id bigint NOT NULL,
    priority_id bigint NOT NULL,
    type app.ticket_type DEFAULT 'question'::app.ticket_type NOT NULL,
    channel app.channel DEFAULT 'web'::app.channel NOT NULL,
    requester_id bigint NOT NULL,
    organization_id bigint,
    team_id bigint,
    assignee_id bigint,
    tag_ids bigint[] DEFAULT '{}'::bigint[] NOT NULL,
    required_skills jsonb DEFAULT '{}'::jsonb NOT NULL,
    custom jsonb DEFAULT '{}'::jsonb NOT NULL,
    language text,
    external_id text,
    version bigint DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    first_reply_at timestamp with time zone,
    solved_at timestamp with time zone,
    closed_at timestamp with time zone,
    CONSTRAINT tickets_subject_check CHECK (((length(subject) >= 1) AND (length(subject) <= 500)))
);


--
-- Name: routing_rules; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.routing_rules (
    id bigint NOT NULL,
    "position" integer DEFAULT 0 NOT NULL,
    name text NOT NULL,
    enabled boolean DEFAULT true NOT NULL,
    conditions jsonb DEFAULT '{"all": []}'::jsonb NOT NULL,
    actions jsonb DEFAULT '[]'::jsonb NOT NULL,
    stop boolean DEFAULT true NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT routing_rules_name_check CHECK ((name <> ''::text))
);


--
-- Name: skills; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.skills (
    id bigint NOT NULL,
    name text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT skills_name_check CHECK ((name <> ''::text))
);


--
-- Name: memberships; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.memberships (
    team_id bigint NOT NULL,
    user_id bigint NOT NULL,
    lead boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: agent_loads; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.agent_loads (
    user_id bigint NOT NULL,
    open integer DEFAULT 0 NOT NULL,
    assigned_at timestamp with time zone
)
WITH (fillfactor='50');


--
-- Name: agent_skills; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.agent_skills (
    user_id bigint NOT NULL,
    skill_id bigint NOT NULL,
    level integer DEFAULT 3 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT agent_skills_level_check CHECK (((level >= 1) AND (level <= 5)))
);


--
-- Name: api_keys_id_seq; Type: SEQUENCE; Schema: app; Owner: -
--

ALTER TABLE app.api_keys ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME app.api_keys_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: audit_log_2026_10; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.audit_log_2026_10 (
    id bigint NOT NULL,
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    actor_id bigint,
    api_key_id bigint,
    session_user_name name DEFAULT SESSION_USER NOT NULL,
    action app.audit_action NOT NULL,
    table_name name NOT NULL,
    row_key text,
    changes jsonb DEFAULT '{}'::jsonb NOT NULL
);


--
-- Name: audit_log_2026_11; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.audit_log_2026_11 (
    id bigint NOT NULL,
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    actor_id bigint,
    api_key_id bigint,
    session_user_name name DEFAULT SESSION_USER NOT NULL,
    action app.audit_action NOT NULL,
    table_name name NOT NULL,
    row_key text,
    changes jsonb DEFAULT '{}'::jsonb NOT NULL
);


--
-- Name: audit_log_2026_12; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.audit_log_2026_12 (
    id bigint NOT NULL,
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    actor_id bigint,
    api_key_id bigint,
    session_user_name name DEFAULT SESSION_USER NOT NULL,
    action app.audit_action NOT NULL,
    table_name name NOT NULL,
    row_key text,
    changes jsonb DEFAULT '{}'::jsonb NOT NULL
);


--
-- Name: audit_log_2027_01; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.audit_log_2027_01 (
    id bigint NOT NULL,
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    actor_id bigint,
    api_key_id bigint,
    session_user_name name DEFAULT SESSION_USER NOT NULL,
    action app.audit_action NOT NULL,
    table_name name NOT NULL,
    row_key text,
    changes jsonb DEFAULT '{}'::jsonb NOT NULL
);


--
-- Name: audit_log_2027_02; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.audit_log_2027_02 (
    id bigint NOT NULL,
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    actor_id bigint,
    api_key_id bigint,
    session_user_name name DEFAULT SESSION_USER NOT NULL,
    action app.audit_action NOT NULL,
    table_name name NOT NULL,
    row_key text,
    changes jsonb DEFAULT '{}'::jsonb NOT NULL
);


--
-- Name: audit_log_default; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.audit_log_default (
    id bigint NOT NULL,
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    actor_id bigint,
    api_key_id bigint,
    session_user_name name DEFAULT SESSION_USER NOT NULL,
    action app.audit_action NOT NULL,
    table_name name NOT NULL,
    row_key text,
    changes jsonb DEFAULT '{}'::jsonb NOT NULL
);


--
-- Name: audit_log_id_seq; Type: SEQUENCE; Schema: app; Owner: -
--

ALTER TABLE app.audit_log ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME app.audit_log_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: audit_seals; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.audit_seals (
    id bigint NOT NULL,
    from_xid xid8 NOT NULL,
    to_xid xid8 NOT NULL,
    row_count bigint NOT NULL,
    digest bytea NOT NULL,
    sealed_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: audit_seals_id_seq; Type: SEQUENCE; Schema: app; Owner: -
--

ALTER TABLE app.audit_seals ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME app.audit_seals_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: custom_fields_id_seq; Type: SEQUENCE; Schema: app; Owner: -
--

ALTER TABLE app.custom_fields ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME app.custom_fields_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: events; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.events (
    id bigint NOT NULL,
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    name text NOT NULL,
    ticket_id bigint,
    message_id bigint,
    actor_id bigint,
    api_key_id bigint,
    data jsonb DEFAULT '{}'::jsonb NOT NULL,
    causation_id bigint
)
PARTITION BY RANGE (at);


--
-- Name: events_2026_10; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.events_2026_10 (
    id bigint NOT NULL,
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    name text NOT NULL,
    ticket_id bigint,
    message_id bigint,
    actor_id bigint,
    api_key_id bigint,
    data jsonb DEFAULT '{}'::jsonb NOT NULL,
    causation_id bigint
);


--
-- Name: events_2026_11; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.events_2026_11 (
    id bigint NOT NULL,
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    name text NOT NULL,
    ticket_id bigint,
    message_id bigint,
    actor_id bigint,
    api_key_id bigint,
    data jsonb DEFAULT '{}'::jsonb NOT NULL,
    causation_id bigint
);


--
-- Name: events_2026_12; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.events_2026_12 (
    id bigint NOT NULL,
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    name text NOT NULL,
    ticket_id bigint,
    message_id bigint,
    actor_id bigint,
    api_key_id bigint,
    data jsonb DEFAULT '{}'::jsonb NOT NULL,
    causation_id bigint
);


--
-- Name: events_2027_01; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.events_2027_01 (
    id bigint NOT NULL,
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    name text NOT NULL,
    ticket_id bigint,
    message_id bigint,
    actor_id bigint,
    api_key_id bigint,
    data jsonb DEFAULT '{}'::jsonb NOT NULL,
    causation_id bigint
);


--
-- Name: events_2027_02; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.events_2027_02 (
    id bigint NOT NULL,
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    name text NOT NULL,
    ticket_id bigint,
    message_id bigint,
    actor_id bigint,
    api_key_id bigint,
    data jsonb DEFAULT '{}'::jsonb NOT NULL,
    causation_id bigint
);


--
-- Name: events_default; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.events_default (
    id bigint NOT NULL,
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    name text NOT NULL,
    ticket_id bigint,
    message_id bigint,
    actor_id bigint,
    api_key_id bigint,
    data jsonb DEFAULT '{}'::jsonb NOT NULL,
    causation_id bigint
);


--
-- Name: events_id_seq; Type: SEQUENCE; Schema: app; Owner: -
--

ALTER TABLE app.events ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME app.events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: idempotency_keys; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.idempotency_keys (
    actor_id bigint NOT NULL,
    key text NOT NULL,
    operation text NOT NULL,
    request_hash bytea NOT NULL,
    response json,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT idempotency_keys_key_check CHECK (((length(key) >= 1) AND (length(key) <= 255)))
);


--
-- Name: imports; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.imports (
    id bigint NOT NULL,
    source text NOT NULL,
    next_row bigint DEFAULT 0 NOT NULL,
    imported bigint DEFAULT 0 NOT NULL,
    rejected bigint DEFAULT 0 NOT NULL,
    finished_at timestamp with time zone,
    started_by bigint,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: imports_id_seq; Type: SEQUENCE; Schema: app; Owner: -
--

ALTER TABLE app.imports ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME app.imports_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: log_in_attempts; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.log_in_attempts (
    id bigint NOT NULL,
    email text NOT NULL,
    ip inet,
    at timestamp with time zone DEFAULT now() NOT NULL,
    succeeded boolean DEFAULT false NOT NULL
);


--
-- Name: log_in_attempts_id_seq; Type: SEQUENCE; Schema: app; Owner: -
--

ALTER TABLE app.log_in_attempts ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME app.log_in_attempts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: messages_2026_10; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.messages_2026_10 (
    id bigint NOT NULL,
    ticket_id bigint NOT NULL,
    kind app.message_kind DEFAULT 'reply'::app.message_kind NOT NULL,
    author_id bigint,
    body_text text DEFAULT ''::text NOT NULL,
    body_html text,
    channel app.channel DEFAULT 'web'::app.channel NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: messages_2026_11; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.messages_2026_11 (
    id bigint NOT NULL,
    ticket_id bigint NOT NULL,
    kind app.message_kind DEFAULT 'reply'::app.message_kind NOT NULL,
    author_id bigint,
    body_text text DEFAULT ''::text NOT NULL,
    body_html text,
    channel app.channel DEFAULT 'web'::app.channel NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: messages_2026_12; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.messages_2026_12 (
    id bigint NOT NULL,
    ticket_id bigint NOT NULL,
    kind app.message_kind DEFAULT 'reply'::app.message_kind NOT NULL,
    author_id bigint,
    body_text text DEFAULT ''::text NOT NULL,
    body_html text,
    channel app.channel DEFAULT 'web'::app.channel NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: messages_2027_01; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.messages_2027_01 (
    id bigint NOT NULL,
    ticket_id bigint NOT NULL,
    kind app.message_kind DEFAULT 'reply'::app.message_kind NOT NULL,
    author_id bigint,
    body_text text DEFAULT ''::text NOT NULL,
    body_html text,
    channel app.channel DEFAULT 'web'::app.channel NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: messages_2027_02; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.messages_2027_02 (
    id bigint NOT NULL,
    ticket_id bigint NOT NULL,
    kind app.message_kind DEFAULT 'reply'::app.message_kind NOT NULL,
    author_id bigint,
    body_text text DEFAULT ''::text NOT NULL,
    body_html text,
    channel app.channel DEFAULT 'web'::app.channel NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: messages_default; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.messages_default (
    id bigint NOT NULL,
    ticket_id bigint NOT NULL,
    kind app.message_kind DEFAULT 'reply'::app.message_kind NOT NULL,
    author_id bigint,
    body_text text DEFAULT ''::text NOT NULL,
    body_html text,
    channel app.channel DEFAULT 'web'::app.channel NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: messages_id_seq; Type: SEQUENCE; Schema: app; Owner: -
--

ALTER TABLE app.messages ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME app.messages_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: organizations_id_seq; Type: SEQUENCE; Schema: app; Owner: -
--

ALTER TABLE app.organizations ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME app.organizations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: passwords; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.passwords (
    user_id bigint NOT NULL,
    argon2 text NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: priorities_id_seq; Type: SEQUENCE; Schema: app; Owner: -
--

ALTER TABLE app.priorities ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME app.priorities_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: routing_decisions; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.routing_decisions (
    id bigint NOT NULL,
    ticket_id bigint NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    explanation jsonb NOT NULL
)
PARTITION BY RANGE (at);


--
-- Name: routing_decisions_2026_10; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.routing_decisions_2026_10 (
    id bigint NOT NULL,
    ticket_id bigint NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    explanation jsonb NOT NULL
);


--
-- Name: routing_decisions_2026_11; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.routing_decisions_2026_11 (
    id bigint NOT NULL,
    ticket_id bigint NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    explanation jsonb NOT NULL
);


--
-- Name: routing_decisions_2026_12; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.routing_decisions_2026_12 (
    id bigint NOT NULL,
    ticket_id bigint NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    explanation jsonb NOT NULL
);


--
-- Name: routing_decisions_2027_01; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.routing_decisions_2027_01 (
    id bigint NOT NULL,
    ticket_id bigint NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    explanation jsonb NOT NULL
);


--
-- Name: routing_decisions_2027_02; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.routing_decisions_2027_02 (
    id bigint NOT NULL,
    ticket_id bigint NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    explanation jsonb NOT NULL
);


--
-- Name: routing_decisions_default; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.routing_decisions_default (
    id bigint NOT NULL,
    ticket_id bigint NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    explanation jsonb NOT NULL
);


--
-- Name: routing_decisions_id_seq; Type: SEQUENCE; Schema: app; Owner: -
--

ALTER TABLE app.routing_decisions ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME app.routing_decisions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: routing_rules_id_seq; Type: SEQUENCE; Schema: app; Owner: -
--

ALTER TABLE app.routing_rules ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME app.routing_rules_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: schema_state; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.schema_state (
    singleton boolean DEFAULT true NOT NULL,
    sql_digest bytea NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT schema_state_singleton_check CHECK (singleton)
);


--
-- Name: sessions; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.sessions (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id bigint NOT NULL,
    refresh_hash bytea NOT NULL,
    previous_hash bytea,
    user_agent text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    refreshed_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone
);


--
-- Name: skills_id_seq; Type: SEQUENCE; Schema: app; Owner: -
--

ALTER TABLE app.skills ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME app.skills_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: status_transitions; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.status_transitions (
    id bigint NOT NULL,
    team_id bigint,
    from_status_id bigint NOT NULL,
    to_status_id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: status_transitions_id_seq; Type: SEQUENCE; Schema: app; Owner: -
--

ALTER TABLE app.status_transitions ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME app.status_transitions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: statuses_id_seq; Type: SEQUENCE; Schema: app; Owner: -
--

ALTER TABLE app.statuses ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME app.statuses_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: tags_id_seq; Type: SEQUENCE; Schema: app; Owner: -
--

ALTER TABLE app.tags ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME app.tags_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: teams_id_seq; Type: SEQUENCE; Schema: app; Owner: -
--

ALTER TABLE app.teams ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME app.teams_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: tickets_id_seq; Type: SEQUENCE; Schema: app; Owner: -
--

ALTER TABLE app.tickets ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME app.tickets_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: users_id_seq; Type: SEQUENCE; Schema: app; Owner: -
--

ALTER TABLE app.users ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME app.users_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: audit_log_2026_10; Type: TABLE ATTACH; Schema: app; Owner: -
--

ALTER TABLE ONLY app.audit_log ATTACH PARTITION app.audit_log_2026_10 FOR VALUES FROM ('2026-10-01 00:00:00+00') TO ('2026-11-01 00:00:00+00');


--
-- Name: audit_log_2026_11; Type: TABLE ATTACH; Schema: app; Owner: -
--

ALTER TABLE ONLY app.audit_log ATTACH PARTITION app.audit_log_2026_11 FOR VALUES FROM ('2026-11-01 00:00:00+00') TO ('2026-12-01 00:00:00+00');


--
-- Name: audit_log_2026_12; Type: TABLE ATTACH; Schema: app; Owner: -
--

ALTER TABLE ONLY app.audit_log ATTACH PARTITION app.audit_log_2026_12 FOR VALUES FROM ('2026-12-01 00:00:00+00') TO ('2027-01-01 00:00:00+00');


--
-- Name: audit_log_2027_01; Type: TABLE ATTACH; Schema: app; Owner: -
--

ALTER TABLE ONLY app.audit_log ATTACH PARTITION app.audit_log_2027_01 FOR VALUES FROM ('2027-01-01 00:00:00+00') TO ('2027-02-01 00:00:00+00');


--
-- Name: audit_log_2027_02; Type: TABLE ATTACH; Schema: app; Owner: -
--

ALTER TABLE ONLY app.audit_log ATTACH PARTITION app.audit_log_2027_02 FOR VALUES FROM ('2027-02-01 00:00:00+00') TO ('2027-03-01 00:00:00+00');


--
-- Name: audit_log_default; Type: TABLE ATTACH; Schema: app; Owner: -
--

ALTER TABLE ONLY app.audit_log ATTACH PARTITION app.audit_log_default DEFAULT;


--
-- Name: events_2026_10; Type: TABLE ATTACH; Schema: app; Owner: -
--

ALTER TABLE ONLY app.events ATTACH PARTITION app.events_2026_10 FOR VALUES FROM ('2026-10-01 00:00:00+00') TO ('2026-11-01 00:00:00+00');


--
-- Name: events_2026_11; Type: TABLE ATTACH; Schema: app; Owner: -
--

ALTER TABLE ONLY app.events ATTACH PARTITION app.events_2026_11 FOR VALUES FROM ('2026-11-01 00:00:00+00') TO ('2026-12-01 00:00:00+00');


--
-- Name: events_2026_12; Type: TABLE ATTACH; Schema: app; Owner: -
--

ALTER TABLE ONLY app.events ATTACH PARTITION app.events_2026_12 FOR VALUES FROM ('2026-12-01 00:00:00+00') TO ('2027-01-01 00:00:00+00');


--
-- Name: events_2027_01; Type: TABLE ATTACH; Schema: app; Owner: -
--

ALTER TABLE ONLY app.events ATTACH PARTITION app.events_2027_01 FOR VALUES FROM ('2027-01-01 00:00:00+00') TO ('2027-02-01 00:00:00+00');


--
-- Name: events_2027_02; Type: TABLE ATTACH; Schema: app; Owner: -
--

ALTER TABLE ONLY app.events ATTACH PARTITION app.events_2027_02 FOR VALUES FROM ('2027-02-01 00:00:00+00') TO ('2027-03-01 00:00:00+00');


--
-- Name: events_default; Type: TABLE ATTACH; Schema: app; Owner: -
--

ALTER TABLE ONLY app.events ATTACH PARTITION app.events_default DEFAULT;


--
-- Name: messages_2026_10; Type: TABLE ATTACH; Schema: app; Owner: -
--

ALTER TABLE ONLY app.messages ATTACH PARTITION app.messages_2026_10 FOR VALUES FROM ('2026-10-01 00:00:00+00') TO ('2026-11-01 00:00:00+00');


--
-- Name: messages_2026_11; Type: TABLE ATTACH; Schema: app; Owner: -
--

ALTER TABLE ONLY app.messages ATTACH PARTITION app.messages_2026_11 FOR VALUES FROM ('2026-11-01 00:00:00+00') TO ('2026-12-01 00:00:00+00');


--
-- Name: messages_2026_12; Type: TABLE ATTACH; Schema: app; Owner: -
--

ALTER TABLE ONLY app.messages ATTACH PARTITION app.messages_2026_12 FOR VALUES FROM ('2026-12-01 00:00:00+00') TO ('2027-01-01 00:00:00+00');


--
-- Name: messages_2027_01; Type: TABLE ATTACH; Schema: app; Owner: -
--

ALTER TABLE ONLY app.messages ATTACH PARTITION app.messages_2027_01 FOR VALUES FROM ('2027-01-01 00:00:00+00') TO ('2027-02-01 00:00:00+00');


--
-- Name: messages_2027_02; Type: TABLE ATTACH; Schema: app; Owner: -
--

ALTER TABLE ONLY app.messages ATTACH PARTITION app.messages_2027_02 FOR VALUES FROM ('2027-02-01 00:00:00+00') TO ('2027-03-01 00:00:00+00');


--
-- Name: messages_default; Type: TABLE ATTACH; Schema: app; Owner: -
--

ALTER TABLE ONLY app.messages ATTACH PARTITION app.messages_default DEFAULT;


--
-- Name: routing_decisions_2026_10; Type: TABLE ATTACH; Schema: app; Owner: -
--

ALTER TABLE ONLY app.routing_decisions ATTACH PARTITION app.routing_decisions_2026_10 FOR VALUES FROM ('2026-10-01 00:00:00+00') TO ('2026-11-01 00:00:00+00');


--
-- Name: routing_decisions_2026_11; Type: TABLE ATTACH; Schema: app; Owner: -
--

ALTER TABLE ONLY app.routing_decisions ATTACH PARTITION app.routing_decisions_2026_11 FOR VALUES FROM ('2026-11-01 00:00:00+00') TO ('2026-12-01 00:00:00+00');


--
-- Name: routing_decisions_2026_12; Type: TABLE ATTACH; Schema: app; Owner: -
--

ALTER TABLE ONLY app.routing_decisions ATTACH PARTITION app.routing_decisions_2026_12 FOR VALUES FROM ('2026-12-01 00:00:00+00') TO ('2027-01-01 00:00:00+00');


--
-- Name: routing_decisions_2027_01; Type: TABLE ATTACH; Schema: app; Owner: -
--

ALTER TABLE ONLY app.routing_decisions ATTACH PARTITION app.routing_decisions_2027_01 FOR VALUES FROM ('2027-01-01 00:00:00+00') TO ('2027-02-01 00:00:00+00');


--
-- Name: routing_decisions_2027_02; Type: TABLE ATTACH; Schema: app; Owner: -
--

ALTER TABLE ONLY app.routing_decisions ATTACH PARTITION app.routing_decisions_2027_02 FOR VALUES FROM ('2027-02-01 00:00:00+00') TO ('2027-03-01 00:00:00+00');


--
-- Name: routing_decisions_default; Type: TABLE ATTACH; Schema: app; Owner: -
--

ALTER TABLE ONLY app.routing_decisions ATTACH PARTITION app.routing_decisions_default DEFAULT;


--
-- Name: agent_loads agent_loads_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.agent_loads
    ADD CONSTRAINT agent_loads_pkey PRIMARY KEY (user_id);


--
-- Name: agent_skills agent_skills_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.agent_skills
    ADD CONSTRAINT agent_skills_pkey PRIMARY KEY (user_id, skill_id);


--
-- Name: api_keys api_keys_hash_key; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.api_keys
    ADD CONSTRAINT api_keys_hash_key UNIQUE (hash);


--
-- Name: api_keys api_keys_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.api_keys
    ADD CONSTRAINT api_keys_pkey PRIMARY KEY (id);


--
-- Name: audit_log audit_log_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.audit_log
    ADD CONSTRAINT audit_log_pkey PRIMARY KEY (id, at);


--
-- Name: audit_log_2026_10 audit_log_2026_10_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.audit_log_2026_10
    ADD CONSTRAINT audit_log_2026_10_pkey PRIMARY KEY (id, at);


--
-- Name: audit_log_2026_11 audit_log_2026_11_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.audit_log_2026_11
    ADD CONSTRAINT audit_log_2026_11_pkey PRIMARY KEY (id, at);


--
-- Name: audit_log_2026_12 audit_log_2026_12_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.audit_log_2026_12
    ADD CONSTRAINT audit_log_2026_12_pkey PRIMARY KEY (id, at);


--
-- Name: audit_log_2027_01 audit_log_2027_01_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.audit_log_2027_01
    ADD CONSTRAINT audit_log_2027_01_pkey PRIMARY KEY (id, at);


--
-- Name: audit_log_2027_02 audit_log_2027_02_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.audit_log_2027_02
    ADD CONSTRAINT audit_log_2027_02_pkey PRIMARY KEY (id, at);


--
-- Name: audit_log_default audit_log_default_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.audit_log_default
    ADD CONSTRAINT audit_log_default_pkey PRIMARY KEY (id, at);


--
-- Name: audit_seals audit_seals_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.audit_seals
    ADD CONSTRAINT audit_seals_pkey PRIMARY KEY (id);


--
-- Name: custom_fields custom_fields_key_key; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.custom_fields
    ADD CONSTRAINT custom_fields_key_key UNIQUE (key);


--
-- Name: custom_fields custom_fields_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.custom_fields
    ADD CONSTRAINT custom_fields_pkey PRIMARY KEY (id);


--
-- Name: events events_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (id, at);


--
-- Name: events_2026_10 events_2026_10_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.events_2026_10
    ADD CONSTRAINT events_2026_10_pkey PRIMARY KEY (id, at);


--
-- Name: events_2026_11 events_2026_11_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.events_2026_11
    ADD CONSTRAINT events_2026_11_pkey PRIMARY KEY (id, at);


--
-- Name: events_2026_12 events_2026_12_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.events_2026_12
    ADD CONSTRAINT events_2026_12_pkey PRIMARY KEY (id, at);


--
-- Name: events_2027_01 events_2027_01_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.events_2027_01
    ADD CONSTRAINT events_2027_01_pkey PRIMARY KEY (id, at);


--
-- Name: events_2027_02 events_2027_02_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.events_2027_02
    ADD CONSTRAINT events_2027_02_pkey PRIMARY KEY (id, at);


--
-- Name: events_default events_default_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.events_default
    ADD CONSTRAINT events_default_pkey PRIMARY KEY (id, at);


--
-- Name: idempotency_keys idempotency_keys_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.idempotency_keys
    ADD CONSTRAINT idempotency_keys_pkey PRIMARY KEY (actor_id, key);


--
-- Name: imports imports_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.imports
    ADD CONSTRAINT imports_pkey PRIMARY KEY (id);


--
-- Name: imports imports_source_key; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.imports
    ADD CONSTRAINT imports_source_key UNIQUE (source);


--
-- Name: log_in_attempts log_in_attempts_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.log_in_attempts
    ADD CONSTRAINT log_in_attempts_pkey PRIMARY KEY (id);


--
-- Name: memberships memberships_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.memberships
    ADD CONSTRAINT memberships_pkey PRIMARY KEY (team_id, user_id);


--
-- Name: messages messages_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.messages
    ADD CONSTRAINT messages_pkey PRIMARY KEY (id, created_at);


--
-- Name: messages_2026_10 messages_2026_10_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.messages_2026_10
    ADD CONSTRAINT messages_2026_10_pkey PRIMARY KEY (id, created_at);


--
-- Name: messages_2026_11 messages_2026_11_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.messages_2026_11
    ADD CONSTRAINT messages_2026_11_pkey PRIMARY KEY (id, created_at);


--
-- Name: messages_2026_12 messages_2026_12_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.messages_2026_12
    ADD CONSTRAINT messages_2026_12_pkey PRIMARY KEY (id, created_at);


--
-- Name: messages_2027_01 messages_2027_01_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.messages_2027_01
    ADD CONSTRAINT messages_2027_01_pkey PRIMARY KEY (id, created_at);


--
-- Name: messages_2027_02 messages_2027_02_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.messages_2027_02
    ADD CONSTRAINT messages_2027_02_pkey PRIMARY KEY (id, created_at);


--
-- Name: messages_default messages_default_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.messages_default
    ADD CONSTRAINT messages_default_pkey PRIMARY KEY (id, created_at);


--
-- Name: organizations organizations_external_id_key; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.organizations
    ADD CONSTRAINT organizations_external_id_key UNIQUE (external_id);


--
-- Name: organizations organizations_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.organizations
    ADD CONSTRAINT organizations_pkey PRIMARY KEY (id);


--
-- Name: passwords passwords_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.passwords
    ADD CONSTRAINT passwords_pkey PRIMARY KEY (user_id);


--
-- Name: priorities priorities_key_key; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.priorities
    ADD CONSTRAINT priorities_key_key UNIQUE (key);


--
-- Name: priorities priorities_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.priorities
    ADD CONSTRAINT priorities_pkey PRIMARY KEY (id);


--
-- Name: priorities priorities_weight_key; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.priorities
    ADD CONSTRAINT priorities_weight_key UNIQUE (weight);


--
-- Name: routing_decisions routing_decisions_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.routing_decisions
    ADD CONSTRAINT routing_decisions_pkey PRIMARY KEY (id, at);


--
-- Name: routing_decisions_2026_10 routing_decisions_2026_10_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.routing_decisions_2026_10
    ADD CONSTRAINT routing_decisions_2026_10_pkey PRIMARY KEY (id, at);


--
-- Name: routing_decisions_2026_11 routing_decisions_2026_11_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.routing_decisions_2026_11
    ADD CONSTRAINT routing_decisions_2026_11_pkey PRIMARY KEY (id, at);


--
-- Name: routing_decisions_2026_12 routing_decisions_2026_12_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.routing_decisions_2026_12
    ADD CONSTRAINT routing_decisions_2026_12_pkey PRIMARY KEY (id, at);


--
-- Name: routing_decisions_2027_01 routing_decisions_2027_01_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.routing_decisions_2027_01
    ADD CONSTRAINT routing_decisions_2027_01_pkey PRIMARY KEY (id, at);


--
-- Name: routing_decisions_2027_02 routing_decisions_2027_02_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.routing_decisions_2027_02
    ADD CONSTRAINT routing_decisions_2027_02_pkey PRIMARY KEY (id, at);


--
-- Name: routing_decisions_default routing_decisions_default_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.routing_decisions_default
    ADD CONSTRAINT routing_decisions_default_pkey PRIMARY KEY (id, at);


--
-- Name: routing_rules routing_rules_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.routing_rules
    ADD CONSTRAINT routing_rules_pkey PRIMARY KEY (id);


--
-- Name: schema_state schema_state_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.schema_state
    ADD CONSTRAINT schema_state_pkey PRIMARY KEY (singleton);


--
-- Name: sessions sessions_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (id);


--
-- Name: sessions sessions_refresh_hash_key; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.sessions
    ADD CONSTRAINT sessions_refresh_hash_key UNIQUE (refresh_hash);


--
-- Name: skills skills_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.skills
    ADD CONSTRAINT skills_pkey PRIMARY KEY (id);


--
-- Name: status_transitions status_transitions_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.status_transitions
    ADD CONSTRAINT status_transitions_pkey PRIMARY KEY (id);


--
-- Name: status_transitions status_transitions_team_id_from_status_id_to_status_id_key; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.status_transitions
    ADD CONSTRAINT status_transitions_team_id_from_status_id_to_status_id_key UNIQUE NULLS NOT DISTINCT (team_id, from_status_id, to_status_id);


--
-- Name: statuses statuses_key_key; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.statuses
    ADD CONSTRAINT statuses_key_key UNIQUE (key);


--
-- Name: statuses statuses_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.statuses
    ADD CONSTRAINT statuses_pkey PRIMARY KEY (id);


--
-- Name: tags tags_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.tags
    ADD CONSTRAINT tags_pkey PRIMARY KEY (id);


--
-- Name: teams teams_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.teams
    ADD CONSTRAINT teams_pkey PRIMARY KEY (id);


--
-- Name: tickets tickets_external_id_key; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.tickets
    ADD CONSTRAINT tickets_external_id_key UNIQUE (external_id);


--
-- Name: tickets tickets_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.tickets
    ADD CONSTRAINT tickets_pkey PRIMARY KEY (id);


--
-- Name: users users_external_id_key; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.users
    ADD CONSTRAINT users_external_id_key UNIQUE (external_id);


--
-- Name: users users_pg_role_key; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.users
    ADD CONSTRAINT users_pg_role_key UNIQUE (pg_role);


--
-- Name: users users_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);


--
-- Name: agent_skills_skill_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX agent_skills_skill_idx ON app.agent_skills USING btree (skill_id);


--
-- Name: audit_log_row_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX audit_log_row_idx ON ONLY app.audit_log USING btree (table_name, row_key, at);


--
-- Name: audit_log_2026_10_table_name_row_key_at_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX audit_log_2026_10_table_name_row_key_at_idx ON app.audit_log_2026_10 USING btree (table_name, row_key, at);


--
-- Name: audit_log_cursor_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX audit_log_cursor_idx ON ONLY app.audit_log USING btree (xid, id);


--
-- Name: audit_log_2026_10_xid_id_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX audit_log_2026_10_xid_id_idx ON app.audit_log_2026_10 USING btree (xid, id);


--
-- Name: audit_log_2026_11_table_name_row_key_at_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX audit_log_2026_11_table_name_row_key_at_idx ON app.audit_log_2026_11 USING btree (table_name, row_key, at);


--
-- Name: audit_log_2026_11_xid_id_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX audit_log_2026_11_xid_id_idx ON app.audit_log_2026_11 USING btree (xid, id);


--
-- Name: audit_log_2026_12_table_name_row_key_at_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX audit_log_2026_12_table_name_row_key_at_idx ON app.audit_log_2026_12 USING btree (table_name, row_key, at);


--
-- Name: audit_log_2026_12_xid_id_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX audit_log_2026_12_xid_id_idx ON app.audit_log_2026_12 USING btree (xid, id);


--
-- Name: audit_log_2027_01_table_name_row_key_at_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX audit_log_2027_01_table_name_row_key_at_idx ON app.audit_log_2027_01 USING btree (table_name, row_key, at);


--
-- Name: audit_log_2027_01_xid_id_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX audit_log_2027_01_xid_id_idx ON app.audit_log_2027_01 USING btree (xid, id);


--
-- Name: audit_log_2027_02_table_name_row_key_at_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX audit_log_2027_02_table_name_row_key_at_idx ON app.audit_log_2027_02 USING btree (table_name, row_key, at);


--
-- Name: audit_log_2027_02_xid_id_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX audit_log_2027_02_xid_id_idx ON app.audit_log_2027_02 USING btree (xid, id);


--
-- Name: audit_log_default_table_name_row_key_at_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX audit_log_default_table_name_row_key_at_idx ON app.audit_log_default USING btree (table_name, row_key, at);


--
-- Name: audit_log_default_xid_id_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX audit_log_default_xid_id_idx ON app.audit_log_default USING btree (xid, id);


--
-- Name: events_ticket_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX events_ticket_idx ON ONLY app.events USING btree (ticket_id, at, id);


--
-- Name: events_2026_10_ticket_id_at_id_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX events_2026_10_ticket_id_at_id_idx ON app.events_2026_10 USING btree (ticket_id, at, id);


--
-- Name: events_cursor_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX events_cursor_idx ON ONLY app.events USING btree (xid, id);


--
-- Name: events_2026_10_xid_id_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX events_2026_10_xid_id_idx ON app.events_2026_10 USING btree (xid, id);


--
-- Name: events_2026_11_ticket_id_at_id_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX events_2026_11_ticket_id_at_id_idx ON app.events_2026_11 USING btree (ticket_id, at, id);


--
-- Name: events_2026_11_xid_id_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX events_2026_11_xid_id_idx ON app.events_2026_11 USING btree (xid, id);


--
-- Name: events_2026_12_ticket_id_at_id_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX events_2026_12_ticket_id_at_id_idx ON app.events_2026_12 USING btree (ticket_id, at, id);


--
-- Name: events_2026_12_xid_id_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX events_2026_12_xid_id_idx ON app.events_2026_12 USING btree (xid, id);


--
-- Name: events_2027_01_ticket_id_at_id_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX events_2027_01_ticket_id_at_id_idx ON app.events_2027_01 USING btree (ticket_id, at, id);


--
-- Name: events_2027_01_xid_id_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX events_2027_01_xid_id_idx ON app.events_2027_01 USING btree (xid, id);


--
-- Name: events_2027_02_ticket_id_at_id_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX events_2027_02_ticket_id_at_id_idx ON app.events_2027_02 USING btree (ticket_id, at, id);


--
-- Name: events_2027_02_xid_id_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX events_2027_02_xid_id_idx ON app.events_2027_02 USING btree (xid, id);


--
-- Name: events_default_ticket_id_at_id_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX events_default_ticket_id_at_id_idx ON app.events_default USING btree (ticket_id, at, id);


--
-- Name: events_default_xid_id_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX events_default_xid_id_idx ON app.events_default USING btree (xid, id);


--
-- Name: idempotency_keys_created_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX idempotency_keys_created_idx ON app.idempotency_keys USING btree (created_at);


--
-- Name: log_in_attempts_email_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX log_in_attempts_email_idx ON app.log_in_attempts USING btree (lower(email), at);


--
-- Name: log_in_attempts_ip_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX log_in_attempts_ip_idx ON app.log_in_attempts USING btree (ip, at);


--
-- Name: memberships_user_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX memberships_user_idx ON app.memberships USING btree (user_id);


--
-- Name: messages_ticket_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX messages_ticket_idx ON ONLY app.messages USING btree (ticket_id, created_at, id);


--
-- Name: messages_2026_10_ticket_id_created_at_id_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX messages_2026_10_ticket_id_created_at_id_idx ON app.messages_2026_10 USING btree (ticket_id, created_at, id);


--
-- Name: messages_2026_11_ticket_id_created_at_id_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX messages_2026_11_ticket_id_created_at_id_idx ON app.messages_2026_11 USING btree (ticket_id, created_at, id);


--
-- Name: messages_2026_12_ticket_id_created_at_id_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX messages_2026_12_ticket_id_created_at_id_idx ON app.messages_2026_12 USING btree (ticket_id, created_at, id);


--
-- Name: messages_2027_01_ticket_id_created_at_id_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX messages_2027_01_ticket_id_created_at_id_idx ON app.messages_2027_01 USING btree (ticket_id, created_at, id);


--
-- Name: messages_2027_02_ticket_id_created_at_id_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX messages_2027_02_ticket_id_created_at_id_idx ON app.messages_2027_02 USING btree (ticket_id, created_at, id);


--
-- Name: messages_default_ticket_id_created_at_id_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX messages_default_ticket_id_created_at_id_idx ON app.messages_default USING btree (ticket_id, created_at, id);


--
-- Name: organizations_name_key; Type: INDEX; Schema: app; Owner: -
--

CREATE UNIQUE INDEX organizations_name_key ON app.organizations USING btree (lower(name));


--
-- Name: routing_decisions_ticket_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX routing_decisions_ticket_idx ON ONLY app.routing_decisions USING btree (ticket_id, at);


--
-- Name: routing_decisions_2026_10_ticket_id_at_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX routing_decisions_2026_10_ticket_id_at_idx ON app.routing_decisions_2026_10 USING btree (ticket_id, at);


--
-- Name: routing_decisions_2026_11_ticket_id_at_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX routing_decisions_2026_11_ticket_id_at_idx ON app.routing_decisions_2026_11 USING btree (ticket_id, at);


--
-- Name: routing_decisions_2026_12_ticket_id_at_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX routing_decisions_2026_12_ticket_id_at_idx ON app.routing_decisions_2026_12 USING btree (ticket_id, at);


--
-- Name: routing_decisions_2027_01_ticket_id_at_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX routing_decisions_2027_01_ticket_id_at_idx ON app.routing_decisions_2027_01 USING btree (ticket_id, at);


--
-- Name: routing_decisions_2027_02_ticket_id_at_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX routing_decisions_2027_02_ticket_id_at_idx ON app.routing_decisions_2027_02 USING btree (ticket_id, at);


--
-- Name: routing_decisions_default_ticket_id_at_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX routing_decisions_default_ticket_id_at_idx ON app.routing_decisions_default USING btree (ticket_id, at);


--
-- Name: routing_rules_position_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX routing_rules_position_idx ON app.routing_rules USING btree ("position", id);


--
-- Name: sessions_previous_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX sessions_previous_idx ON app.sessions USING btree (previous_hash);


--
-- Name: sessions_user_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX sessions_user_idx ON app.sessions USING btree (user_id);


--
-- Name: skills_name_key; Type: INDEX; Schema: app; Owner: -
--

CREATE UNIQUE INDEX skills_name_key ON app.skills USING btree (lower(name));


--
-- Name: tags_name_key; Type: INDEX; Schema: app; Owner: -
--

CREATE UNIQUE INDEX tags_name_key ON app.tags USING btree (lower(name));


--
-- Name: teams_name_key; Type: INDEX; Schema: app; Owner: -
--

CREATE UNIQUE INDEX teams_name_key ON app.teams USING btree (lower(name));


--
-- Name: tickets_assignee_updated_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX tickets_assignee_updated_idx ON app.tickets USING btree (assignee_id, updated_at DESC, id DESC);


--
-- Name: tickets_organization_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX tickets_organization_idx ON app.tickets USING btree (organization_id, id DESC);


--
-- Name: tickets_requester_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX tickets_requester_idx ON app.tickets USING btree (requester_id, id DESC);


--
-- Name: tickets_status_updated_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX tickets_status_updated_idx ON app.tickets USING btree (status_id, updated_at DESC, id DESC);


--
-- Name: tickets_tags_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX tickets_tags_idx ON app.tickets USING gin (tag_ids);


--
-- Name: tickets_team_updated_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX tickets_team_updated_idx ON app.tickets USING btree (team_id, updated_at DESC, id DESC);


--
-- Name: tickets_updated_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX tickets_updated_idx ON app.tickets USING btree (updated_at DESC, id DESC);


--
-- Name: users_email_key; Type: INDEX; Schema: app; Owner: -
--

CREATE UNIQUE INDEX users_email_key ON app.users USING btree (lower(email));


--
-- Name: users_organization_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX users_organization_idx ON app.users USING btree (organization_id);


--
-- Name: users_role_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX users_role_idx ON app.users USING btree (role, id);


--
-- Name: audit_log_2026_10_pkey; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.audit_log_pkey ATTACH PARTITION app.audit_log_2026_10_pkey;


--
-- Name: audit_log_2026_10_table_name_row_key_at_idx; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.audit_log_row_idx ATTACH PARTITION app.audit_log_2026_10_table_name_row_key_at_idx;


--
-- Name: audit_log_2026_10_xid_id_idx; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.audit_log_cursor_idx ATTACH PARTITION app.audit_log_2026_10_xid_id_idx;


--
-- Name: audit_log_2026_11_pkey; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.audit_log_pkey ATTACH PARTITION app.audit_log_2026_11_pkey;


--
-- Name: audit_log_2026_11_table_name_row_key_at_idx; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.audit_log_row_idx ATTACH PARTITION app.audit_log_2026_11_table_name_row_key_at_idx;


--
-- Name: audit_log_2026_11_xid_id_idx; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.audit_log_cursor_idx ATTACH PARTITION app.audit_log_2026_11_xid_id_idx;


--
-- Name: audit_log_2026_12_pkey; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.audit_log_pkey ATTACH PARTITION app.audit_log_2026_12_pkey;


--
-- Name: audit_log_2026_12_table_name_row_key_at_idx; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.audit_log_row_idx ATTACH PARTITION app.audit_log_2026_12_table_name_row_key_at_idx;


--
-- Name: audit_log_2026_12_xid_id_idx; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.audit_log_cursor_idx ATTACH PARTITION app.audit_log_2026_12_xid_id_idx;


--
-- Name: audit_log_2027_01_pkey; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.audit_log_pkey ATTACH PARTITION app.audit_log_2027_01_pkey;


--
-- Name: audit_log_2027_01_table_name_row_key_at_idx; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.audit_log_row_idx ATTACH PARTITION app.audit_log_2027_01_table_name_row_key_at_idx;


--
-- Name: audit_log_2027_01_xid_id_idx; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.audit_log_cursor_idx ATTACH PARTITION app.audit_log_2027_01_xid_id_idx;


--
-- Name: audit_log_2027_02_pkey; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.audit_log_pkey ATTACH PARTITION app.audit_log_2027_02_pkey;


--
-- Name: audit_log_2027_02_table_name_row_key_at_idx; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.audit_log_row_idx ATTACH PARTITION app.audit_log_2027_02_table_name_row_key_at_idx;


--
-- Name: audit_log_2027_02_xid_id_idx; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.audit_log_cursor_idx ATTACH PARTITION app.audit_log_2027_02_xid_id_idx;


--
-- Name: audit_log_default_pkey; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.audit_log_pkey ATTACH PARTITION app.audit_log_default_pkey;


--
-- Name: audit_log_default_table_name_row_key_at_idx; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.audit_log_row_idx ATTACH PARTITION app.audit_log_default_table_name_row_key_at_idx;


--
-- Name: audit_log_default_xid_id_idx; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.audit_log_cursor_idx ATTACH PARTITION app.audit_log_default_xid_id_idx;


--
-- Name: events_2026_10_pkey; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.events_pkey ATTACH PARTITION app.events_2026_10_pkey;


--
-- Name: events_2026_10_ticket_id_at_id_idx; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.events_ticket_idx ATTACH PARTITION app.events_2026_10_ticket_id_at_id_idx;


--
-- Name: events_2026_10_xid_id_idx; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.events_cursor_idx ATTACH PARTITION app.events_2026_10_xid_id_idx;


--
-- Name: events_2026_11_pkey; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.events_pkey ATTACH PARTITION app.events_2026_11_pkey;


--
-- Name: events_2026_11_ticket_id_at_id_idx; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.events_ticket_idx ATTACH PARTITION app.events_2026_11_ticket_id_at_id_idx;


--
-- Name: events_2026_11_xid_id_idx; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.events_cursor_idx ATTACH PARTITION app.events_2026_11_xid_id_idx;


--
-- Name: events_2026_12_pkey; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.events_pkey ATTACH PARTITION app.events_2026_12_pkey;


--
-- Name: events_2026_12_ticket_id_at_id_idx; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.events_ticket_idx ATTACH PARTITION app.events_2026_12_ticket_id_at_id_idx;


--
-- Name: events_2026_12_xid_id_idx; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.events_cursor_idx ATTACH PARTITION app.events_2026_12_xid_id_idx;


--
-- Name: events_2027_01_pkey; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.events_pkey ATTACH PARTITION app.events_2027_01_pkey;


--
-- Name: events_2027_01_ticket_id_at_id_idx; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.events_ticket_idx ATTACH PARTITION app.events_2027_01_ticket_id_at_id_idx;


--
-- Name: events_2027_01_xid_id_idx; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.events_cursor_idx ATTACH PARTITION app.events_2027_01_xid_id_idx;


--
-- Name: events_2027_02_pkey; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.events_pkey ATTACH PARTITION app.events_2027_02_pkey;


--
-- Name: events_2027_02_ticket_id_at_id_idx; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.events_ticket_idx ATTACH PARTITION app.events_2027_02_ticket_id_at_id_idx;


--
-- Name: events_2027_02_xid_id_idx; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.events_cursor_idx ATTACH PARTITION app.events_2027_02_xid_id_idx;


--
-- Name: events_default_pkey; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.events_pkey ATTACH PARTITION app.events_default_pkey;


--
-- Name: events_default_ticket_id_at_id_idx; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.events_ticket_idx ATTACH PARTITION app.events_default_ticket_id_at_id_idx;


--
-- Name: events_default_xid_id_idx; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.events_cursor_idx ATTACH PARTITION app.events_default_xid_id_idx;


--
-- Name: messages_2026_10_pkey; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.messages_pkey ATTACH PARTITION app.messages_2026_10_pkey;


--
-- Name: messages_2026_10_ticket_id_created_at_id_idx; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.messages_ticket_idx ATTACH PARTITION app.messages_2026_10_ticket_id_created_at_id_idx;


--
-- Name: messages_2026_11_pkey; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.messages_pkey ATTACH PARTITION app.messages_2026_11_pkey;


--
-- Name: messages_2026_11_ticket_id_created_at_id_idx; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.messages_ticket_idx ATTACH PARTITION app.messages_2026_11_ticket_id_created_at_id_idx;


--
-- Name: messages_2026_12_pkey; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.messages_pkey ATTACH PARTITION app.messages_2026_12_pkey;


--
-- Name: messages_2026_12_ticket_id_created_at_id_idx; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.messages_ticket_idx ATTACH PARTITION app.messages_2026_12_ticket_id_created_at_id_idx;


--
-- Name: messages_2027_01_pkey; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.messages_pkey ATTACH PARTITION app.messages_2027_01_pkey;


--
-- Name: messages_2027_01_ticket_id_created_at_id_idx; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.messages_ticket_idx ATTACH PARTITION app.messages_2027_01_ticket_id_created_at_id_idx;


--
-- Name: messages_2027_02_pkey; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.messages_pkey ATTACH PARTITION app.messages_2027_02_pkey;


--
-- Name: messages_2027_02_ticket_id_created_at_id_idx; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.messages_ticket_idx ATTACH PARTITION app.messages_2027_02_ticket_id_created_at_id_idx;


--
-- Name: messages_default_pkey; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.messages_pkey ATTACH PARTITION app.messages_default_pkey;


--
-- Name: messages_default_ticket_id_created_at_id_idx; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.messages_ticket_idx ATTACH PARTITION app.messages_default_ticket_id_created_at_id_idx;


--
-- Name: routing_decisions_2026_10_pkey; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.routing_decisions_pkey ATTACH PARTITION app.routing_decisions_2026_10_pkey;


--
-- Name: routing_decisions_2026_10_ticket_id_at_idx; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.routing_decisions_ticket_idx ATTACH PARTITION app.routing_decisions_2026_10_ticket_id_at_idx;


--
-- Name: routing_decisions_2026_11_pkey; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.routing_decisions_pkey ATTACH PARTITION app.routing_decisions_2026_11_pkey;


--
-- Name: routing_decisions_2026_11_ticket_id_at_idx; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.routing_decisions_ticket_idx ATTACH PARTITION app.routing_decisions_2026_11_ticket_id_at_idx;


--
-- Name: routing_decisions_2026_12_pkey; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.routing_decisions_pkey ATTACH PARTITION app.routing_decisions_2026_12_pkey;


--
-- Name: routing_decisions_2026_12_ticket_id_at_idx; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.routing_decisions_ticket_idx ATTACH PARTITION app.routing_decisions_2026_12_ticket_id_at_idx;


--
-- Name: routing_decisions_2027_01_pkey; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.routing_decisions_pkey ATTACH PARTITION app.routing_decisions_2027_01_pkey;


--
-- Name: routing_decisions_2027_01_ticket_id_at_idx; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.routing_decisions_ticket_idx ATTACH PARTITION app.routing_decisions_2027_01_ticket_id_at_idx;


--
-- Name: routing_decisions_2027_02_pkey; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.routing_decisions_pkey ATTACH PARTITION app.routing_decisions_2027_02_pkey;


--
-- Name: routing_decisions_2027_02_ticket_id_at_idx; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.routing_decisions_ticket_idx ATTACH PARTITION app.routing_decisions_2027_02_ticket_id_at_idx;


--
-- Name: routing_decisions_default_pkey; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.routing_decisions_pkey ATTACH PARTITION app.routing_decisions_default_pkey;


--
-- Name: routing_decisions_default_ticket_id_at_idx; Type: INDEX ATTACH; Schema: app; Owner: -
--

ALTER INDEX app.routing_decisions_ticket_idx ATTACH PARTITION app.routing_decisions_default_ticket_id_at_idx;


--
-- Name: agent_skills tg_agent_skills__500_audit; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER tg_agent_skills__500_audit AFTER INSERT OR DELETE OR UPDATE ON app.agent_skills FOR EACH ROW EXECUTE FUNCTION autocrm.tg_audit('user_id', 'skill_id');


--
-- Name: agent_skills tg_agent_skills__950_invalidate; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER tg_agent_skills__950_invalidate AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON app.agent_skills FOR EACH STATEMENT EXECUTE FUNCTION autocrm.tg_invalidate();


--
-- Name: api_keys tg_api_keys__100_stamp; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER tg_api_keys__100_stamp BEFORE INSERT OR UPDATE ON app.api_keys FOR EACH ROW EXECUTE FUNCTION autocrm.tg_stamp();


--
-- Name: api_keys tg_api_keys__500_audit; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER tg_api_keys__500_audit AFTER INSERT OR DELETE OR UPDATE ON app.api_keys FOR EACH ROW EXECUTE FUNCTION autocrm.tg_audit();


--
-- Name: audit_log tg_audit_log__100_append_only; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER tg_audit_log__100_append_only BEFORE DELETE OR UPDATE ON app.audit_log FOR EACH ROW EXECUTE FUNCTION autocrm.tg_append_only();


--
-- Name: audit_log tg_audit_log__110_no_truncate; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER tg_audit_log__110_no_truncate BEFORE TRUNCATE ON app.audit_log FOR EACH STATEMENT EXECUTE FUNCTION autocrm.tg_append_only();


--
-- Name: audit_seals tg_audit_seals__100_append_only; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER tg_audit_seals__100_append_only BEFORE DELETE OR UPDATE ON app.audit_seals FOR EACH ROW EXECUTE FUNCTION autocrm.tg_append_only();


--
-- Name: audit_seals tg_audit_seals__110_no_truncate; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER tg_audit_seals__110_no_truncate BEFORE TRUNCATE ON app.audit_seals FOR EACH STATEMENT EXECUTE FUNCTION autocrm.tg_append_only();


--
-- Name: custom_fields tg_custom_fields__100_stamp; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER tg_custom_fields__100_stamp BEFORE INSERT OR UPDATE ON app.custom_fields FOR EACH ROW EXECUTE FUNCTION autocrm.tg_stamp();


--
-- Name: custom_fields tg_custom_fields__200_check; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER tg_custom_fields__200_check BEFORE INSERT OR UPDATE ON app.custom_fields FOR EACH ROW EXECUTE FUNCTION autocrm.tg_custom_fields__check();


--
-- Name: custom_fields tg_custom_fields__500_audit; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER tg_custom_fields__500_audit AFTER INSERT OR DELETE OR UPDATE ON app.custom_fields FOR EACH ROW EXECUTE FUNCTION autocrm.tg_audit();


--
-- Name: custom_fields tg_custom_fields__950_invalidate; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER tg_custom_fields__950_invalidate AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON app.custom_fields FOR EACH STATEMENT EXECUTE FUNCTION autocrm.tg_invalidate();


--
-- Name: events tg_events__100_append_only; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER tg_events__100_append_only BEFORE DELETE OR UPDATE ON app.events FOR EACH ROW EXECUTE FUNCTION autocrm.tg_append_only();


--
-- Name: events tg_events__110_no_truncate; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER tg_events__110_no_truncate BEFORE TRUNCATE ON app.events FOR EACH STATEMENT EXECUTE FUNCTION autocrm.tg_append_only();


--
-- Name: events tg_events__900_wake; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER tg_events__900_wake AFTER INSERT ON app.events FOR EACH STATEMENT EXECUTE FUNCTION autocrm.tg_wake();


--
-- Name: imports tg_imports__500_audit; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER tg_imports__500_audit AFTER INSERT OR DELETE ON app.imports FOR EACH ROW EXECUTE FUNCTION autocrm.tg_audit();


--
-- Name: memberships tg_memberships__500_audit; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER tg_memberships__500_audit AFTER INSERT OR DELETE OR UPDATE ON app.memberships FOR EACH ROW EXECUTE FUNCTION autocrm.tg_audit('team_id', 'user_id');


--
-- Name: memberships tg_memberships__950_invalidate; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER tg_memberships__950_invalidate AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON app.memberships FOR EACH STATEMENT EXECUTE FUNCTION autocrm.tg_invalidate();


--
-- Name: messages tg_messages__200_prepare; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER tg_messages__200_prepare BEFORE INSERT ON app.messages FOR EACH ROW EXECUTE FUNCTION autocrm.tg_messages__prepare();


--
-- Name: messages tg_messages__500_record; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER tg_messages__500_record AFTER INSERT OR DELETE OR UPDATE ON app.messages FOR EACH ROW EXECUTE FUNCTION autocrm.tg_messages__record();


--
-- Name: organizations tg_organizations__100_stamp; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER tg_organizations__100_stamp BEFORE INSERT OR UPDATE ON app.organizations FOR EACH ROW EXECUTE FUNCTION autocrm.tg_stamp();


--
-- Name: organizations tg_organizations__500_audit; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER tg_organizations__500_audit AFTER INSERT OR DELETE OR UPDATE ON app.organizations FOR EACH ROW EXECUTE FUNCTION autocrm.tg_audit();


--
-- Name: passwords tg_passwords__500_audit; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER tg_passwords__500_audit AFTER INSERT OR DELETE OR UPDATE ON app.passwords FOR EACH ROW EXECUTE FUNCTION autocrm.tg_audit('user_id');


--
-- Name: priorities tg_priorities__100_stamp; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER tg_priorities__100_stamp BEFORE INSERT OR UPDATE ON app.priorities FOR EACH ROW EXECUTE FUNCTION autocrm.tg_stamp();


--
-- Name: priorities tg_priorities__500_audit; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER tg_priorities__500_audit AFTER INSERT OR DELETE OR UPDATE ON app.priorities FOR EACH ROW EXECUTE FUNCTION autocrm.tg_audit();


--
-- Name: priorities tg_priorities__950_invalidate; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER tg_priorities__950_invalidate AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON app.priorities FOR EACH STATEMENT EXECUTE FUNCTION autocrm.tg_invalidate();


--
-- Name: routing_decisions tg_routing_decisions__100_append_only; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER tg_routing_decisions__100_append_only BEFORE DELETE OR UPDATE ON app.routing_decisions FOR EACH ROW EXECUTE FUNCTION autocrm.tg_append_only();


--
-- Name: routing_decisions tg_routing_decisions__110_no_truncate; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER tg_routing_decisions__110_no_truncate BEFORE TRUNCATE ON app.routing_decisions FOR EACH STATEMENT EXECUTE FUNCTION autocrm.tg_append_only();


--
-- Name: routing_rules tg_routing_rules__100_stamp; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER tg_routing_rules__100_stamp BEFORE INSERT OR UPDATE ON app.routing_rules FOR EACH ROW EXECUTE FUNCTION autocrm.tg_stamp();


--
-- Name: routing_rules tg_routing_rules__200_check; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER tg_routing_rules__200_check BEFORE INSERT OR UPDATE ON app.routing_rules FOR EACH ROW EXECUTE FUNCTION autocrm.tg_routing_rules__check();


--
-- Name: routing_rules tg_routing_rules__500_audit; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER tg_routing_rules__500_audit AFTER INSERT OR DELETE OR UPDATE ON app.routing_rules FOR EACH ROW EXECUTE FUNCTION autocrm.tg_audit();


--
-- Name: routing_rules tg_routing_rules__950_invalidate; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER tg_routing_rules__950_invalidate AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON app.routing_rules FOR EACH STATEMENT EXECUTE FUNCTION autocrm.tg_invalidate();


--
-- Name: sessions tg_sessions__500_audit; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER tg_sessions__500_audit AFTER INSERT OR DELETE OR UPDATE ON app.sessions FOR EACH ROW EXECUTE FUNCTION autocrm.tg_audit();


--
-- Name: skills tg_skills__100_stamp; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER tg_skills__100_stamp BEFORE INSERT OR UPDATE ON app.skills FOR EACH ROW EXECUTE FUNCTION autocrm.tg_stamp();


--
-- Name: skills tg_skills__500_audit; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER tg_skills__500_audit AFTER INSERT OR DELETE OR UPDATE ON app.skills FOR EACH ROW EXECUTE FUNCTION autocrm.tg_audit();


--
-- Name: skills tg_skills__950_invalidate; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER tg_skills__950_invalidate AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON app.skills FOR EACH STATEMENT EXECUTE FUNCTION autocrm.tg_invalidate();


--
-- Name: status_transitions tg_status_transitions__500_audit; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER tg_status_transitions__500_audit AFTER INSERT OR DELETE OR UPDATE ON app.status_transitions FOR EACH ROW EXECUTE FUNCTION autocrm.tg_audit();


--
-- Name: status_transitions tg_status_transitions__950_invalidate; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER tg_status_transitions__950_invalidate AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON app.status_transitions FOR EACH STATEMENT EXECUTE FUNCTION autocrm.tg_invalidate();


--
-- Name: statuses tg_statuses__100_stamp; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER tg_statuses__100_stamp BEFORE INSERT OR UPDATE ON app.statuses FOR EACH ROW EXECUTE FUNCTION autocrm.tg_stamp();


--
-- Name: statuses tg_statuses__500_audit; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER tg_statuses__500_audit AFTER INSERT OR DELETE OR UPDATE ON app.statuses FOR EACH ROW EXECUTE FUNCTION autocrm.tg_audit();


--
-- Name: statuses tg_statuses__950_invalidate; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER tg_statuses__950_invalidate AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON app.statuses FOR EACH STATEMENT EXECUTE FUNCTION autocrm.tg_invalidate();


--
-- Name: tags tg_tags__100_stamp; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER tg_tags__100_stamp BEFORE INSERT OR UPDATE ON app.tags FOR EACH ROW EXECUTE FUNCTION autocrm.tg_stamp();


--
-- Name: tags tg_tags__500_audit; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER tg_tags__500_audit AFTER INSERT OR DELETE OR UPDATE ON app.tags FOR EACH ROW EXECUTE FUNCTION autocrm.tg_audit();


--
-- Name: tags tg_tags__950_invalidate; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER tg_tags__950_invalidate AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON app.tags FOR EACH STATEMENT EXECUTE FUNCTION autocrm.tg_invalidate();


--
-- Name: teams tg_teams__100_stamp; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER tg_teams__100_stamp BEFORE INSERT OR UPDATE ON app.teams FOR EACH ROW EXECUTE FUNCTION autocrm.tg_stamp();


--
-- Name: teams tg_teams__500_audit; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER tg_teams__500_audit AFTER INSERT OR DELETE OR UPDATE ON app.teams FOR EACH ROW EXECUTE FUNCTION autocrm.tg_audit();


--
-- Name: teams tg_teams__950_invalidate; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER tg_teams__950_invalidate AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON app.teams FOR EACH STATEMENT EXECUTE FUNCTION autocrm.tg_invalidate();


--
-- Name: tickets tg_tickets__200_prepare; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER tg_tickets__200_prepare BEFORE INSERT OR UPDATE ON app.tickets FOR EACH ROW EXECUTE FUNCTION autocrm.tg_tickets__prepare();


--
-- Name: tickets tg_tickets__500_record; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER tg_tickets__500_record AFTER INSERT OR DELETE OR UPDATE ON app.tickets FOR EACH ROW EXECUTE FUNCTION autocrm.tg_tickets__record();


--
-- Name: users tg_users__100_stamp; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER tg_users__100_stamp BEFORE INSERT OR UPDATE ON app.users FOR EACH ROW EXECUTE FUNCTION autocrm.tg_stamp();


--
-- Name: users tg_users__500_audit; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER tg_users__500_audit AFTER INSERT OR DELETE OR UPDATE ON app.users FOR EACH ROW EXECUTE FUNCTION autocrm.tg_audit();


--
-- Name: agent_loads agent_loads_user_id_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.agent_loads
    ADD CONSTRAINT agent_loads_user_id_fkey FOREIGN KEY (user_id) REFERENCES app.users(id) ON DELETE CASCADE;


--
-- Name: agent_skills agent_skills_skill_id_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.agent_skills
    ADD CONSTRAINT agent_skills_skill_id_fkey FOREIGN KEY (skill_id) REFERENCES app.skills(id) ON DELETE CASCADE;


--
-- Name: agent_skills agent_skills_user_id_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.agent_skills
    ADD CONSTRAINT agent_skills_user_id_fkey FOREIGN KEY (user_id) REFERENCES app.users(id) ON DELETE CASCADE;


--
-- Name: api_keys api_keys_created_by_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.api_keys
    ADD CONSTRAINT api_keys_created_by_fkey FOREIGN KEY (created_by) REFERENCES app.users(id) ON DELETE SET NULL;


--
-- Name: api_keys api_keys_user_id_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.api_keys
    ADD CONSTRAINT api_keys_user_id_fkey FOREIGN KEY (user_id) REFERENCES app.users(id) ON DELETE CASCADE;


--
-- Name: imports imports_started_by_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.imports
    ADD CONSTRAINT imports_started_by_fkey FOREIGN KEY (started_by) REFERENCES app.users(id) ON DELETE SET NULL;


--
-- Name: memberships memberships_team_id_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.memberships
    ADD CONSTRAINT memberships_team_id_fkey FOREIGN KEY (team_id) REFERENCES app.teams(id) ON DELETE CASCADE;


--
-- Name: memberships memberships_user_id_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.memberships
    ADD CONSTRAINT memberships_user_id_fkey FOREIGN KEY (user_id) REFERENCES app.users(id) ON DELETE CASCADE;


--
-- Name: messages messages_author_id_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE app.messages
    ADD CONSTRAINT messages_author_id_fkey FOREIGN KEY (author_id) REFERENCES app.users(id) ON DELETE SET NULL;


--
-- Name: messages messages_ticket_id_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE app.messages
    ADD CONSTRAINT messages_ticket_id_fkey FOREIGN KEY (ticket_id) REFERENCES app.tickets(id) ON DELETE CASCADE;


--
-- Name: passwords passwords_user_id_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.passwords
    ADD CONSTRAINT passwords_user_id_fkey FOREIGN KEY (user_id) REFERENCES app.users(id) ON DELETE CASCADE;


--
-- Name: sessions sessions_user_id_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.sessions
    ADD CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES app.users(id) ON DELETE CASCADE;


--
-- Name: status_transitions status_transitions_from_status_id_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.status_transitions
    ADD CONSTRAINT status_transitions_from_status_id_fkey FOREIGN KEY (from_status_id) REFERENCES app.statuses(id) ON DELETE CASCADE;


--
-- Name: status_transitions status_transitions_team_id_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.status_transitions
    ADD CONSTRAINT status_transitions_team_id_fkey FOREIGN KEY (team_id) REFERENCES app.teams(id) ON DELETE CASCADE;


--
-- Name: status_transitions status_transitions_to_status_id_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.status_transitions
    ADD CONSTRAINT status_transitions_to_status_id_fkey FOREIGN KEY (to_status_id) REFERENCES app.statuses(id) ON DELETE CASCADE;


--
-- Name: tickets tickets_assignee_id_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.tickets
    ADD CONSTRAINT tickets_assignee_id_fkey FOREIGN KEY (assignee_id) REFERENCES app.users(id) ON DELETE SET NULL;


--
-- Name: tickets tickets_organization_id_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.tickets
    ADD CONSTRAINT tickets_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES app.organizations(id) ON DELETE SET NULL;


--
-- Name: tickets tickets_priority_id_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.tickets
    ADD CONSTRAINT tickets_priority_id_fkey FOREIGN KEY (priority_id) REFERENCES app.priorities(id);


--
-- Name: tickets tickets_requester_id_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.tickets
    ADD CONSTRAINT tickets_requester_id_fkey FOREIGN KEY (requester_id) REFERENCES app.users(id);


--
-- Name: tickets tickets_status_id_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.tickets
    ADD CONSTRAINT tickets_status_id_fkey FOREIGN KEY (status_id) REFERENCES app.statuses(id);


--
-- Name: tickets tickets_team_id_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.tickets
    ADD CONSTRAINT tickets_team_id_fkey FOREIGN KEY (team_id) REFERENCES app.teams(id) ON DELETE SET NULL;


--
-- Name: users users_organization_id_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.users
    ADD CONSTRAINT users_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES app.organizations(id) ON DELETE SET NULL;


--
-- Name: users admins_add_users; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY admins_add_users ON app.users FOR INSERT TO autocrm_admin WITH CHECK ((( SELECT autocrm.actor_role() AS actor_role) = 'admin'::text));


--
-- Name: users admins_change_users; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY admins_change_users ON app.users FOR UPDATE TO autocrm_admin USING ((( SELECT autocrm.actor_role() AS actor_role) = 'admin'::text));


--
-- Name: tickets admins_delete_tickets; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY admins_delete_tickets ON app.tickets FOR DELETE TO autocrm_admin USING ((( SELECT autocrm.actor_role() AS actor_role) = 'admin'::text));


--
-- Name: api_keys admins_read_api_keys; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY admins_read_api_keys ON app.api_keys FOR SELECT TO autocrm_admin USING ((( SELECT autocrm.actor_role() AS actor_role) = 'admin'::text));


--
-- Name: audit_log admins_read_the_audit; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY admins_read_the_audit ON app.audit_log FOR SELECT TO autocrm_admin USING ((( SELECT autocrm.actor_role() AS actor_role) = 'admin'::text));


--
-- Name: audit_seals admins_read_the_seals; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY admins_read_the_seals ON app.audit_seals FOR SELECT TO autocrm_admin USING ((( SELECT autocrm.actor_role() AS actor_role) = 'admin'::text));


--
-- Name: organizations admins_remove_organizations; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY admins_remove_organizations ON app.organizations FOR DELETE TO autocrm_admin USING ((( SELECT autocrm.actor_role() AS actor_role) = 'admin'::text));


--
-- Name: users admins_remove_users; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY admins_remove_users ON app.users FOR DELETE TO autocrm_admin USING ((( SELECT autocrm.actor_role() AS actor_role) = 'admin'::text));


--
-- Name: imports admins_run_imports; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY admins_run_imports ON app.imports TO autocrm_admin USING ((( SELECT autocrm.actor_role() AS actor_role) = 'admin'::text)) WITH CHECK ((( SELECT autocrm.actor_role() AS actor_role) = 'admin'::text));


--
-- Name: agent_skills admins_write_agent_skills; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY admins_write_agent_skills ON app.agent_skills TO autocrm_admin USING ((( SELECT autocrm.actor_role() AS actor_role) = 'admin'::text)) WITH CHECK ((( SELECT autocrm.actor_role() AS actor_role) = 'admin'::text));


--
-- Name: custom_fields admins_write_custom_fields; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY admins_write_custom_fields ON app.custom_fields TO autocrm_admin USING ((( SELECT autocrm.actor_role() AS actor_role) = 'admin'::text)) WITH CHECK ((( SELECT autocrm.actor_role() AS actor_role) = 'admin'::text));


--
-- Name: memberships admins_write_memberships; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY admins_write_memberships ON app.memberships TO autocrm_admin USING ((( SELECT autocrm.actor_role() AS actor_role) = 'admin'::text)) WITH CHECK ((( SELECT autocrm.actor_role() AS actor_role) = 'admin'::text));


--
-- Name: priorities admins_write_priorities; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY admins_write_priorities ON app.priorities TO autocrm_admin USING ((( SELECT autocrm.actor_role() AS actor_role) = 'admin'::text)) WITH CHECK ((( SELECT autocrm.actor_role() AS actor_role) = 'admin'::text));


--
-- Name: routing_rules admins_write_routing_rules; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY admins_write_routing_rules ON app.routing_rules TO autocrm_admin USING ((( SELECT autocrm.actor_role() AS actor_role) = 'admin'::text)) WITH CHECK ((( SELECT autocrm.actor_role() AS actor_role) = 'admin'::text));


--
-- Name: skills admins_write_skills; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY admins_write_skills ON app.skills TO autocrm_admin USING ((( SELECT autocrm.actor_role() AS actor_role) = 'admin'::text)) WITH CHECK ((( SELECT autocrm.actor_role() AS actor_role) = 'admin'::text));


--
-- Name: status_transitions admins_write_status_transitions; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY admins_write_status_transitions ON app.status_transitions TO autocrm_admin USING ((( SELECT autocrm.actor_role() AS actor_role) = 'admin'::text)) WITH CHECK ((( SELECT autocrm.actor_role() AS actor_role) = 'admin'::text));


--
-- Name: statuses admins_write_statuses; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY admins_write_statuses ON app.statuses TO autocrm_admin USING ((( SELECT autocrm.actor_role() AS actor_role) = 'admin'::text)) WITH CHECK ((( SELECT autocrm.actor_role() AS actor_role) = 'admin'::text));


--
-- Name: tags admins_write_tags; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY admins_write_tags ON app.tags TO autocrm_admin USING ((( SELECT autocrm.actor_role() AS actor_role) = 'admin'::text)) WITH CHECK ((( SELECT autocrm.actor_role() AS actor_role) = 'admin'::text));


--
-- Name: teams admins_write_teams; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY admins_write_teams ON app.teams TO autocrm_admin USING ((( SELECT autocrm.actor_role() AS actor_role) = 'admin'::text)) WITH CHECK ((( SELECT autocrm.actor_role() AS actor_role) = 'admin'::text));


--
-- Name: agent_loads; Type: ROW SECURITY; Schema: app; Owner: -
--

ALTER TABLE app.agent_loads ENABLE ROW LEVEL SECURITY;

--
-- Name: agent_skills; Type: ROW SECURITY; Schema: app; Owner: -
--

ALTER TABLE app.agent_skills ENABLE ROW LEVEL SECURITY;

--
-- Name: users agents_add_customers; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY agents_add_customers ON app.users FOR INSERT TO autocrm_agent WITH CHECK (((role = 'customer'::app.user_role) AND (pg_role IS NULL) AND (( SELECT autocrm.actor_id() AS actor_id) IS NOT NULL)));


--
-- Name: tags agents_add_tags; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY agents_add_tags ON app.tags FOR INSERT TO autocrm_agent WITH CHECK ((( SELECT autocrm.actor_id() AS actor_id) IS NOT NULL));


--
-- Name: users agents_change_customers; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY agents_change_customers ON app.users FOR UPDATE TO autocrm_agent USING (((role = 'customer'::app.user_role) AND (pg_role IS NULL) AND (( SELECT autocrm.actor_id() AS actor_id) IS NOT NULL)));


--
-- Name: tickets agents_change_what_they_see; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY agents_change_what_they_see ON app.tickets FOR UPDATE TO autocrm_admin, autocrm_agent USING ((( SELECT autocrm.actor_sees_all() AS actor_sees_all) OR (assignee_id = ( SELECT autocrm.actor_id() AS actor_id)) OR (team_id = ANY (( SELECT autocrm.actor_team_ids() AS actor_team_ids)::bigint[])) OR ((team_id IS NULL) AND (( SELECT autocrm.actor_id() AS actor_id) IS NOT NULL)))) WITH CHECK ((( SELECT autocrm.actor_id() AS actor_id) IS NOT NULL));


--
-- Name: tickets agents_create_tickets; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY agents_create_tickets ON app.tickets FOR INSERT TO autocrm_admin, autocrm_agent WITH CHECK ((( SELECT autocrm.actor_id() AS actor_id) IS NOT NULL));


--
-- Name: tickets agents_read_their_teams; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY agents_read_their_teams ON app.tickets FOR SELECT TO autocrm_admin, autocrm_agent USING ((( SELECT autocrm.actor_sees_all() AS actor_sees_all) OR (assignee_id = ( SELECT autocrm.actor_id() AS actor_id)) OR (team_id = ANY (( SELECT autocrm.actor_team_ids() AS actor_team_ids)::bigint[])) OR ((team_id IS NULL) AND (( SELECT autocrm.actor_id() AS actor_id) IS NOT NULL)) OR autocrm.has_written(id)));


--
-- Name: tickets analysts_read_what_their_grant_covers; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY analysts_read_what_their_grant_covers ON app.tickets FOR SELECT TO autocrm_analyst USING ((( SELECT autocrm.actor_sees_all() AS actor_sees_all) OR (team_id = ANY (( SELECT autocrm.actor_team_ids() AS actor_team_ids)::bigint[]))));


--
-- Name: api_keys; Type: ROW SECURITY; Schema: app; Owner: -
--

ALTER TABLE app.api_keys ENABLE ROW LEVEL SECURITY;

--
-- Name: audit_log; Type: ROW SECURITY; Schema: app; Owner: -
--

ALTER TABLE app.audit_log ENABLE ROW LEVEL SECURITY;

--
-- Name: audit_log_2026_10; Type: ROW SECURITY; Schema: app; Owner: -
--

ALTER TABLE app.audit_log_2026_10 ENABLE ROW LEVEL SECURITY;

--
-- Name: audit_log_2026_11; Type: ROW SECURITY; Schema: app; Owner: -
--

ALTER TABLE app.audit_log_2026_11 ENABLE ROW LEVEL SECURITY;

--
-- Name: audit_log_2026_12; Type: ROW SECURITY; Schema: app; Owner: -
--

ALTER TABLE app.audit_log_2026_12 ENABLE ROW LEVEL SECURITY;

--
-- Name: audit_log_2027_01; Type: ROW SECURITY; Schema: app; Owner: -
--

ALTER TABLE app.audit_log_2027_01 ENABLE ROW LEVEL SECURITY;

--
-- Name: audit_log_2027_02; Type: ROW SECURITY; Schema: app; Owner: -
--

ALTER TABLE app.audit_log_2027_02 ENABLE ROW LEVEL SECURITY;

--
-- Name: audit_log_default; Type: ROW SECURITY; Schema: app; Owner: -
--

ALTER TABLE app.audit_log_default ENABLE ROW LEVEL SECURITY;

--
-- Name: audit_seals; Type: ROW SECURITY; Schema: app; Owner: -
--

ALTER TABLE app.audit_seals ENABLE ROW LEVEL SECURITY;

--
-- Name: idempotency_keys callers_keep_their_idempotency_keys; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY callers_keep_their_idempotency_keys ON app.idempotency_keys TO autocrm_admin, autocrm_agent, autocrm_integration USING ((actor_id = ( SELECT autocrm.actor_id() AS actor_id))) WITH CHECK ((actor_id = ( SELECT autocrm.actor_id() AS actor_id)));


--
-- Name: custom_fields; Type: ROW SECURITY; Schema: app; Owner: -
--

ALTER TABLE app.custom_fields ENABLE ROW LEVEL SECURITY;

--
-- Name: priorities customers_read_priorities; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY customers_read_priorities ON app.priorities FOR SELECT TO autocrm_customer USING ((( SELECT autocrm.actor_id() AS actor_id) IS NOT NULL));


--
-- Name: messages customers_read_replies; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY customers_read_replies ON app.messages FOR SELECT TO autocrm_customer USING (((kind = 'reply'::app.message_kind) AND (EXISTS ( SELECT
   FROM app.tickets t
  WHERE (t.id = messages.ticket_id)))));


--
-- Name: statuses customers_read_statuses; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY customers_read_statuses ON app.statuses FOR SELECT TO autocrm_customer USING ((( SELECT autocrm.actor_id() AS actor_id) IS NOT NULL));


--
-- Name: organizations customers_read_their_organization; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY customers_read_their_organization ON app.organizations FOR SELECT TO autocrm_customer USING ((id = ( SELECT u.organization_id
   FROM app.users u
  WHERE (u.id = ( SELECT autocrm.actor_id() AS actor_id)))));


--
-- Name: tickets customers_read_their_tickets; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY customers_read_their_tickets ON app.tickets FOR SELECT TO autocrm_customer USING ((requester_id = ( SELECT autocrm.actor_id() AS actor_id)));


--
-- Name: users customers_read_themselves; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY customers_read_themselves ON app.users FOR SELECT TO autocrm_customer USING ((id = ( SELECT autocrm.actor_id() AS actor_id)));


--
-- Name: messages customers_reply_to_their_tickets; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY customers_reply_to_their_tickets ON app.messages FOR INSERT TO autocrm_customer WITH CHECK (((kind = 'reply'::app.message_kind) AND (author_id = ( SELECT autocrm.actor_id() AS actor_id)) AND (EXISTS ( SELECT
   FROM app.tickets t
  WHERE (t.id = messages.ticket_id)))));


--
-- Name: events; Type: ROW SECURITY; Schema: app; Owner: -
--

ALTER TABLE app.events ENABLE ROW LEVEL SECURITY;

--
-- Name: events_2026_10; Type: ROW SECURITY; Schema: app; Owner: -
--

ALTER TABLE app.events_2026_10 ENABLE ROW LEVEL SECURITY;

--
-- Name: events_2026_11; Type: ROW SECURITY; Schema: app; Owner: -
--

ALTER TABLE app.events_2026_11 ENABLE ROW LEVEL SECURITY;

--
-- Name: events_2026_12; Type: ROW SECURITY; Schema: app; Owner: -
--

ALTER TABLE app.events_2026_12 ENABLE ROW LEVEL SECURITY;

--
-- Name: events_2027_01; Type: ROW SECURITY; Schema: app; Owner: -
--

ALTER TABLE app.events_2027_01 ENABLE ROW LEVEL SECURITY;

--
-- Name: events_2027_02; Type: ROW SECURITY; Schema: app; Owner: -
--

ALTER TABLE app.events_2027_02 ENABLE ROW LEVEL SECURITY;

--
-- Name: events_default; Type: ROW SECURITY; Schema: app; Owner: -
--

ALTER TABLE app.events_default ENABLE ROW LEVEL SECURITY;

--
-- Name: agent_skills everyone_at_the_desk_reads_agent_skills; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY everyone_at_the_desk_reads_agent_skills ON app.agent_skills FOR SELECT TO autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst USING ((( SELECT autocrm.actor_id() AS actor_id) IS NOT NULL));


--
-- Name: custom_fields everyone_at_the_desk_reads_custom_fields; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY everyone_at_the_desk_reads_custom_fields ON app.custom_fields FOR SELECT TO autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst USING ((( SELECT autocrm.actor_id() AS actor_id) IS NOT NULL));


--
-- Name: memberships everyone_at_the_desk_reads_memberships; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY everyone_at_the_desk_reads_memberships ON app.memberships FOR SELECT TO autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst USING ((( SELECT autocrm.actor_id() AS actor_id) IS NOT NULL));


--
-- Name: priorities everyone_at_the_desk_reads_priorities; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY everyone_at_the_desk_reads_priorities ON app.priorities FOR SELECT TO autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst USING ((( SELECT autocrm.actor_id() AS actor_id) IS NOT NULL));


--
-- Name: routing_rules everyone_at_the_desk_reads_routing_rules; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY everyone_at_the_desk_reads_routing_rules ON app.routing_rules FOR SELECT TO autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst USING ((( SELECT autocrm.actor_id() AS actor_id) IS NOT NULL));


--
-- Name: skills everyone_at_the_desk_reads_skills; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY everyone_at_the_desk_reads_skills ON app.skills FOR SELECT TO autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst USING ((( SELECT autocrm.actor_id() AS actor_id) IS NOT NULL));


--
-- Name: status_transitions everyone_at_the_desk_reads_status_transitions; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY everyone_at_the_desk_reads_status_transitions ON app.status_transitions FOR SELECT TO autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst USING ((( SELECT autocrm.actor_id() AS actor_id) IS NOT NULL));


--
-- Name: statuses everyone_at_the_desk_reads_statuses; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY everyone_at_the_desk_reads_statuses ON app.statuses FOR SELECT TO autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst USING ((( SELECT autocrm.actor_id() AS actor_id) IS NOT NULL));


--
-- Name: tags everyone_at_the_desk_reads_tags; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY everyone_at_the_desk_reads_tags ON app.tags FOR SELECT TO autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst USING ((( SELECT autocrm.actor_id() AS actor_id) IS NOT NULL));


--
-- Name: teams everyone_at_the_desk_reads_teams; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY everyone_at_the_desk_reads_teams ON app.teams FOR SELECT TO autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst USING ((( SELECT autocrm.actor_id() AS actor_id) IS NOT NULL));


--
-- Name: idempotency_keys; Type: ROW SECURITY; Schema: app; Owner: -
--

ALTER TABLE app.idempotency_keys ENABLE ROW LEVEL SECURITY;

--
-- Name: imports; Type: ROW SECURITY; Schema: app; Owner: -
--

ALTER TABLE app.imports ENABLE ROW LEVEL SECURITY;

--
-- Name: users keys_add_customers; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY keys_add_customers ON app.users FOR INSERT TO autocrm_integration WITH CHECK (((role = 'customer'::app.user_role) AND (pg_role IS NULL) AND ( SELECT autocrm.actor_has_scope('users:write'::text) AS actor_has_scope)));


--
-- Name: organizations keys_add_organizations; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY keys_add_organizations ON app.organizations FOR INSERT TO autocrm_integration WITH CHECK (( SELECT autocrm.actor_has_scope('users:write'::text) AS actor_has_scope));


--
-- Name: tags keys_add_tags; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY keys_add_tags ON app.tags FOR INSERT TO autocrm_integration WITH CHECK (( SELECT autocrm.actor_has_scope('tickets:write'::text) AS actor_has_scope));


--
-- Name: users keys_change_customers; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY keys_change_customers ON app.users FOR UPDATE TO autocrm_integration USING (((role = 'customer'::app.user_role) AND (pg_role IS NULL) AND ( SELECT autocrm.actor_has_scope('users:write'::text) AS actor_has_scope)));


--
-- Name: organizations keys_change_organizations; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY keys_change_organizations ON app.organizations FOR UPDATE TO autocrm_integration USING (( SELECT autocrm.actor_has_scope('users:write'::text) AS actor_has_scope));


--
-- Name: tickets keys_change_within_scope; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY keys_change_within_scope ON app.tickets FOR UPDATE TO autocrm_integration USING ((( SELECT autocrm.actor_has_scope('tickets:write'::text) AS actor_has_scope) AND (( SELECT autocrm.actor_sees_all() AS actor_sees_all) OR (team_id = ANY (( SELECT autocrm.actor_team_ids() AS actor_team_ids)::bigint[]))))) WITH CHECK ((( SELECT autocrm.actor_has_scope('tickets:write'::text) AS actor_has_scope) AND (( SELECT autocrm.actor_sees_all() AS actor_sees_all) OR (team_id = ANY (( SELECT autocrm.actor_team_ids() AS actor_team_ids)::bigint[])))));


--
-- Name: tickets keys_create_tickets; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY keys_create_tickets ON app.tickets FOR INSERT TO autocrm_integration WITH CHECK (( SELECT autocrm.actor_has_scope('tickets:write'::text) AS actor_has_scope));


--
-- Name: events keys_read_events_of_their_tickets; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY keys_read_events_of_their_tickets ON app.events FOR SELECT TO autocrm_integration USING (((((data ->> 'kind'::text) IS DISTINCT FROM 'note'::text) OR ( SELECT autocrm.actor_has_scope('notes:read'::text) AS actor_has_scope)) AND (EXISTS ( SELECT
   FROM app.tickets t
  WHERE (t.id = events.ticket_id)))));


--
-- Name: messages keys_read_messages; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY keys_read_messages ON app.messages FOR SELECT TO autocrm_integration USING ((((kind = 'reply'::app.message_kind) OR ( SELECT autocrm.actor_has_scope('notes:read'::text) AS actor_has_scope)) AND (EXISTS ( SELECT
   FROM app.tickets t
  WHERE (t.id = messages.ticket_id)))));


--
-- Name: organizations keys_read_organizations; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY keys_read_organizations ON app.organizations FOR SELECT TO autocrm_integration USING (( SELECT autocrm.actor_has_scope('users:read'::text) AS actor_has_scope));


--
-- Name: agent_loads keys_read_their_own_load; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY keys_read_their_own_load ON app.agent_loads FOR SELECT TO autocrm_integration USING ((user_id = ( SELECT autocrm.actor_id() AS actor_id)));


--
-- Name: users keys_read_users; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY keys_read_users ON app.users FOR SELECT TO autocrm_integration USING ((( SELECT autocrm.actor_has_scope('users:read'::text) AS actor_has_scope) OR (id = ( SELECT autocrm.actor_id() AS actor_id))));


--
-- Name: tickets keys_read_within_scope; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY keys_read_within_scope ON app.tickets FOR SELECT TO autocrm_integration USING ((( SELECT autocrm.actor_has_scope('tickets:read'::text) AS actor_has_scope) AND (( SELECT autocrm.actor_sees_all() AS actor_sees_all) OR (team_id = ANY (( SELECT autocrm.actor_team_ids() AS actor_team_ids)::bigint[])) OR autocrm.has_written(id))));


--
-- Name: messages keys_write_within_scope; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY keys_write_within_scope ON app.messages FOR INSERT TO autocrm_integration WITH CHECK (((kind <> 'system'::app.message_kind) AND ( SELECT autocrm.actor_has_scope('tickets:write'::text) AS actor_has_scope) AND ((kind = 'reply'::app.message_kind) OR ( SELECT autocrm.actor_has_scope('notes:write'::text) AS actor_has_scope)) AND (author_id = ( SELECT autocrm.actor_id() AS actor_id)) AND (EXISTS ( SELECT
   FROM app.tickets t
  WHERE (t.id = messages.ticket_id)))));


--
-- Name: log_in_attempts; Type: ROW SECURITY; Schema: app; Owner: -
--

ALTER TABLE app.log_in_attempts ENABLE ROW LEVEL SECURITY;

--
-- Name: memberships; Type: ROW SECURITY; Schema: app; Owner: -
--

ALTER TABLE app.memberships ENABLE ROW LEVEL SECURITY;

--
-- Name: messages; Type: ROW SECURITY; Schema: app; Owner: -
--

ALTER TABLE app.messages ENABLE ROW LEVEL SECURITY;

--
-- Name: messages_2026_10; Type: ROW SECURITY; Schema: app; Owner: -
--

ALTER TABLE app.messages_2026_10 ENABLE ROW LEVEL SECURITY;

--
-- Name: messages_2026_11; Type: ROW SECURITY; Schema: app; Owner: -
--

ALTER TABLE app.messages_2026_11 ENABLE ROW LEVEL SECURITY;

--
-- Name: messages_2026_12; Type: ROW SECURITY; Schema: app; Owner: -
--

ALTER TABLE app.messages_2026_12 ENABLE ROW LEVEL SECURITY;

--
-- Name: messages_2027_01; Type: ROW SECURITY; Schema: app; Owner: -
--

ALTER TABLE app.messages_2027_01 ENABLE ROW LEVEL SECURITY;

--
-- Name: messages_2027_02; Type: ROW SECURITY; Schema: app; Owner: -
--

ALTER TABLE app.messages_2027_02 ENABLE ROW LEVEL SECURITY;

--
-- Name: messages_default; Type: ROW SECURITY; Schema: app; Owner: -
--

ALTER TABLE app.messages_default ENABLE ROW LEVEL SECURITY;

--
-- Name: organizations; Type: ROW SECURITY; Schema: app; Owner: -
--

ALTER TABLE app.organizations ENABLE ROW LEVEL SECURITY;

--
-- Name: passwords; Type: ROW SECURITY; Schema: app; Owner: -
--

ALTER TABLE app.passwords ENABLE ROW LEVEL SECURITY;

--
-- Name: priorities; Type: ROW SECURITY; Schema: app; Owner: -
--

ALTER TABLE app.priorities ENABLE ROW LEVEL SECURITY;

--
-- Name: events readers_of_a_ticket_read_its_events; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY readers_of_a_ticket_read_its_events ON app.events FOR SELECT TO autocrm_admin, autocrm_agent, autocrm_analyst USING ((EXISTS ( SELECT
   FROM app.tickets t
  WHERE (t.id = events.ticket_id))));


--
-- Name: routing_decisions readers_of_a_ticket_read_its_routing; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY readers_of_a_ticket_read_its_routing ON app.routing_decisions FOR SELECT TO autocrm_admin, autocrm_agent, autocrm_analyst USING ((EXISTS ( SELECT
   FROM app.tickets t
  WHERE (t.id = routing_decisions.ticket_id))));


--
-- Name: routing_decisions; Type: ROW SECURITY; Schema: app; Owner: -
--

ALTER TABLE app.routing_decisions ENABLE ROW LEVEL SECURITY;

--
-- Name: routing_decisions_2026_10; Type: ROW SECURITY; Schema: app; Owner: -
--

ALTER TABLE app.routing_decisions_2026_10 ENABLE ROW LEVEL SECURITY;

--
-- Name: routing_decisions_2026_11; Type: ROW SECURITY; Schema: app; Owner: -
--

ALTER TABLE app.routing_decisions_2026_11 ENABLE ROW LEVEL SECURITY;

--
-- Name: routing_decisions_2026_12; Type: ROW SECURITY; Schema: app; Owner: -
--

ALTER TABLE app.routing_decisions_2026_12 ENABLE ROW LEVEL SECURITY;

--
-- Name: routing_decisions_2027_01; Type: ROW SECURITY; Schema: app; Owner: -
--

ALTER TABLE app.routing_decisions_2027_01 ENABLE ROW LEVEL SECURITY;

--
-- Name: routing_decisions_2027_02; Type: ROW SECURITY; Schema: app; Owner: -
--

ALTER TABLE app.routing_decisions_2027_02 ENABLE ROW LEVEL SECURITY;

--
-- Name: routing_decisions_default; Type: ROW SECURITY; Schema: app; Owner: -
--

ALTER TABLE app.routing_decisions_default ENABLE ROW LEVEL SECURITY;

--
-- Name: routing_rules; Type: ROW SECURITY; Schema: app; Owner: -
--

ALTER TABLE app.routing_rules ENABLE ROW LEVEL SECURITY;

--
-- Name: schema_state; Type: ROW SECURITY; Schema: app; Owner: -
--

ALTER TABLE app.schema_state ENABLE ROW LEVEL SECURITY;

--
-- Name: sessions; Type: ROW SECURITY; Schema: app; Owner: -
--

ALTER TABLE app.sessions ENABLE ROW LEVEL SECURITY;

--
-- Name: skills; Type: ROW SECURITY; Schema: app; Owner: -
--

ALTER TABLE app.skills ENABLE ROW LEVEL SECURITY;

--
-- Name: organizations staff_add_organizations; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY staff_add_organizations ON app.organizations FOR INSERT TO autocrm_admin, autocrm_agent WITH CHECK ((( SELECT autocrm.actor_id() AS actor_id) IS NOT NULL));


--
-- Name: organizations staff_change_organizations; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY staff_change_organizations ON app.organizations FOR UPDATE TO autocrm_admin, autocrm_agent USING ((( SELECT autocrm.actor_id() AS actor_id) IS NOT NULL));


--
-- Name: agent_loads staff_read_loads; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY staff_read_loads ON app.agent_loads FOR SELECT TO autocrm_admin, autocrm_agent, autocrm_analyst USING ((( SELECT autocrm.actor_id() AS actor_id) IS NOT NULL));


--
-- Name: messages staff_read_messages_of_their_tickets; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY staff_read_messages_of_their_tickets ON app.messages FOR SELECT TO autocrm_admin, autocrm_agent, autocrm_analyst USING ((EXISTS ( SELECT
   FROM app.tickets t
  WHERE (t.id = messages.ticket_id))));


--
-- Name: organizations staff_read_organizations; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY staff_read_organizations ON app.organizations FOR SELECT TO autocrm_admin, autocrm_agent, autocrm_analyst USING ((( SELECT autocrm.actor_id() AS actor_id) IS NOT NULL));


--
-- Name: users staff_read_users; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY staff_read_users ON app.users FOR SELECT TO autocrm_admin, autocrm_agent, autocrm_analyst USING ((( SELECT autocrm.actor_id() AS actor_id) IS NOT NULL));


--
-- Name: messages staff_write_as_themselves; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY staff_write_as_themselves ON app.messages FOR INSERT TO autocrm_admin, autocrm_agent WITH CHECK (((kind <> 'system'::app.message_kind) AND (author_id = ( SELECT autocrm.actor_id() AS actor_id)) AND (EXISTS ( SELECT
   FROM app.tickets t
  WHERE (t.id = messages.ticket_id)))));


--
-- Name: status_transitions; Type: ROW SECURITY; Schema: app; Owner: -
--

ALTER TABLE app.status_transitions ENABLE ROW LEVEL SECURITY;

--
-- Name: statuses; Type: ROW SECURITY; Schema: app; Owner: -
--

ALTER TABLE app.statuses ENABLE ROW LEVEL SECURITY;

--
-- Name: tags; Type: ROW SECURITY; Schema: app; Owner: -
--

ALTER TABLE app.tags ENABLE ROW LEVEL SECURITY;

--
-- Name: teams; Type: ROW SECURITY; Schema: app; Owner: -
--

ALTER TABLE app.teams ENABLE ROW LEVEL SECURITY;

--
-- Name: tickets; Type: ROW SECURITY; Schema: app; Owner: -
--

ALTER TABLE app.tickets ENABLE ROW LEVEL SECURITY;

--
-- Name: users; Type: ROW SECURITY; Schema: app; Owner: -
--

ALTER TABLE app.users ENABLE ROW LEVEL SECURITY;

--
-- PostgreSQL database dump complete
--


