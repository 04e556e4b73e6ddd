-- AutoCRM's native functions, release 0.1.0. Frozen once released: later releases add
-- autocrm--0.1.0--<next>.sql beside it. Declares what extension/src defines; a test holds the two together.
\echo Use "CREATE EXTENSION autocrm" to load this file. \quit

-- Everything is revoked from PUBLIC at the end; sql/app/_grants.sql gives each role what it needs.

create function autocrm.now() returns timestamptz
  language c stable strict parallel safe as 'MODULE_PATHNAME', 'now_wrapper';
comment on function autocrm.now() is 'The time the desk believes it is: the transaction''s start, or the superuser-only setting autocrm.now in tests.';

create function autocrm.fail(code text, message text, detail text default null, hint text default null) returns void
  language c volatile parallel unsafe as 'MODULE_PATHNAME', 'fail_with';
comment on function autocrm.fail(text, text, text, text) is 'Raises an error with SQLSTATE code. Example: select autocrm.fail(''TK404'', ''There is no ticket 7'')';

-- Identity: STABLE, so (select autocrm.actor_id()) in a policy is asked once a query.

create function autocrm.actor_id() returns bigint
  language c stable parallel restricted as 'MODULE_PATHNAME', 'actor_id';
comment on function autocrm.actor_id() is 'app.users.id of who acts, NULL for nobody. TK401 when the request''s claims are no longer valid.';
create function autocrm.actor_api_key_id() returns bigint
  language c stable parallel restricted as 'MODULE_PATHNAME', 'actor_api_key_id';
comment on function autocrm.actor_api_key_id() is 'app.api_keys.id of the key that acts, NULL for people.';
create function autocrm.actor_role() returns text
  language c stable parallel restricted as 'MODULE_PATHNAME', 'actor_role';
comment on function autocrm.actor_role() is 'Role of who acts: admin, agent, customer, analyst or integration.';
create function autocrm.actor_team_ids() returns bigint[]
  language c stable parallel restricted as 'MODULE_PATHNAME', 'actor_team_ids';
comment on function autocrm.actor_team_ids() is 'Teams of who acts; for an API key its team limit.';
create function autocrm.actor_sees_all() returns boolean
  language c stable parallel restricted as 'MODULE_PATHNAME', 'actor_sees_all';
comment on function autocrm.actor_sees_all() is 'Whether who acts sees the tickets of every team.';
create function autocrm.actor_has_scope(scope text) returns boolean
  language c stable strict parallel restricted as 'MODULE_PATHNAME', 'actor_has_scope';
comment on function autocrm.actor_has_scope(text) is 'Whether the acting API key has this scope, such as tickets:read; true for people.';

create function autocrm.has_written(ticket_id bigint) returns boolean
  language c stable strict parallel restricted as 'MODULE_PATHNAME', 'has_written_wrapper';
comment on function autocrm.has_written(bigint) is 'Whether this transaction wrote this ticket; who hands one away still sees it till then.';

-- Texts

create function autocrm.sanitize_html(html text) returns text
  language c immutable strict parallel safe as 'MODULE_PATHNAME', 'sanitize_html_wrapper';
comment on function autocrm.sanitize_html(text) is 'The same HTML without anything active.';
create function autocrm.html_to_text(html text) returns text
  language c immutable strict parallel safe as 'MODULE_PATHNAME', 'html_to_text_wrapper';
comment on function autocrm.html_to_text(text) is 'Plain-text twin of HTML: blocks become lines.';

-- Checks, each answering every problem as "path: message"

create function autocrm.validate_fields(custom jsonb, operation text) returns text[]
  language c stable strict parallel restricted as 'MODULE_PATHNAME', 'validate_fields_wrapper';
comment on function autocrm.validate_fields(jsonb, text) is 'Problems of custom field values at create, update or solve; empty when they may be stored.';
create function autocrm.check_conditions(conditions jsonb) returns text[]
  language c immutable strict parallel safe as 'MODULE_PATHNAME', 'check_conditions_wrapper';
comment on function autocrm.check_conditions(jsonb) is 'Problems of a condition tree; empty when it can be used.';
create function autocrm.check_actions(actions jsonb) returns text[]
  language c immutable strict parallel safe as 'MODULE_PATHNAME', 'check_actions_wrapper';
comment on function autocrm.check_actions(jsonb) is 'Problems of a list of actions; empty when it can be used.';

create function autocrm.explain_routing(ticket_id bigint) returns jsonb
  language c volatile strict parallel unsafe as 'MODULE_PATHNAME', 'explain_routing';
comment on function autocrm.explain_routing(bigint) is 'Why a ticket went where it went: {decisions, rules, candidates}, each with its reason. TK404 for who may not see it. Example: select autocrm.explain_routing(7)';
create function autocrm.recount_loads() returns bigint
  language c volatile parallel unsafe as 'MODULE_PATHNAME', 'recount_loads_wrapper';
comment on function autocrm.recount_loads() is 'Counts every agent''s open tickets anew, as after a status changed its category; answers how many counts were wrong.';

-- Audit chain

create function autocrm.seal_audit() returns bigint
  language c volatile parallel unsafe as 'MODULE_PATHNAME', 'seal_audit_wrapper';
comment on function autocrm.seal_audit() is 'Seals the audit rows of ended transactions; answers how many.';
create function autocrm.verify_audit(out seal_id bigint, out ok boolean, out problem text) returns setof record
  language c volatile strict parallel unsafe as 'MODULE_PATHNAME', 'verify_audit_wrapper';
comment on function autocrm.verify_audit() is 'Recomputes every seal; ok is false where history was touched.';

-- Triggers, bound to tables by sql/app/*.sql

create function autocrm.tg_stamp() returns trigger
  language c as 'MODULE_PATHNAME', 'tg_stamp';
comment on function autocrm.tg_stamp() is 'BEFORE INSERT OR UPDATE: keeps version, created_at and updated_at.';
create function autocrm.tg_append_only() returns trigger
  language c as 'MODULE_PATHNAME', 'tg_append_only';
comment on function autocrm.tg_append_only() is 'BEFORE UPDATE, DELETE or TRUNCATE: TK403 for everyone.';
create function autocrm.tg_audit() returns trigger
  language c as 'MODULE_PATHNAME', 'tg_audit';
comment on function autocrm.tg_audit() is 'AFTER each row: writes app.audit_log. Arguments: the key columns, id without any.';
create function autocrm.tg_invalidate() returns trigger
  language c as 'MODULE_PATHNAME', 'tg_invalidate';
comment on function autocrm.tg_invalidate() is 'AFTER each statement on configuration: every backend compiles it anew.';
create function autocrm.tg_wake() returns trigger
  language c as 'MODULE_PATHNAME', 'tg_wake';
comment on function autocrm.tg_wake() is 'AFTER each statement on app.events: one NOTIFY autocrm_events a transaction.';
create function autocrm.tg_custom_fields__check() returns trigger
  language c as 'MODULE_PATHNAME', 'tg_custom_fields__check';
comment on function autocrm.tg_custom_fields__check() is 'BEFORE INSERT OR UPDATE: TK422 with the path of each mistake in a field''s definition.';
create function autocrm.tg_routing_rules__check() returns trigger
  language c as 'MODULE_PATHNAME', 'tg_routing_rules__check';
comment on function autocrm.tg_routing_rules__check() is 'BEFORE INSERT OR UPDATE: TK422 with the path of each mistake in a rule.';
create function autocrm.tg_tickets__prepare() returns trigger
  language c as 'MODULE_PATHNAME', 'tg_tickets__prepare';
comment on function autocrm.tg_tickets__prepare() is 'BEFORE INSERT OR UPDATE on tickets: completes, validates and routes the row; TK422 with every problem.';
create function autocrm.tg_tickets__record() returns trigger
  language c as 'MODULE_PATHNAME', 'tg_tickets__record';
comment on function autocrm.tg_tickets__record() is 'AFTER each row of tickets: audit, event, opening message, loads.';
create function autocrm.tg_messages__prepare() returns trigger
  language c as 'MODULE_PATHNAME', 'tg_messages__prepare';
comment on function autocrm.tg_messages__prepare() is 'BEFORE INSERT on messages: sanitises, completes; TK422 when empty.';
create function autocrm.tg_messages__record() returns trigger
  language c as 'MODULE_PATHNAME', 'tg_messages__record';
comment on function autocrm.tg_messages__record() is 'AFTER each row of messages: audit, event, first reply, reopening.';

revoke all on all functions in schema autocrm from public;
