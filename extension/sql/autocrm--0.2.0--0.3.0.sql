-- From release 0.2.0 to 0.3.0.
\echo Use "ALTER EXTENSION autocrm UPDATE" to load this file. \quit

create function autocrm.tg_settle_books() returns trigger
  language c volatile as 'MODULE_PATHNAME', 'tg_settle_books';
comment on function autocrm.tg_settle_books() is 'Writes what the rows of a statement changed in agents'' books, agent by agent in the order of their ids.';

create function autocrm.check_loads() returns bigint
  language c volatile parallel unsafe as 'MODULE_PATHNAME', 'check_loads_wrapper';
comment on function autocrm.check_loads() is 'Compares every agent''s counts with their open tickets, without blocking anybody; a difference is a defect: it is corrected, logged, audited, and counted in the answer. Example: select autocrm.check_loads()';

-- Who sees which row, asked before any other condition: cheaper than every comparison, so that a leakproof one never
-- meets a row that the policies hide.
create function autocrm.sees_row(id bigint, team_id bigint, assignee_id bigint, requester_id bigint) returns boolean
  language c stable parallel restricted cost 0.01 as 'MODULE_PATHNAME', 'sees_row';
comment on function autocrm.sees_row(bigint, bigint, bigint, bigint) is 'Whether the caller sees a ticket of this team, assignee and requester. Example: select autocrm.sees_row(7, 1, null, 3)';
create function autocrm.sees_ticket(ticket_id bigint) returns boolean
  language c stable parallel restricted cost 0.01 as 'MODULE_PATHNAME', 'sees_ticket';
comment on function autocrm.sees_ticket(bigint) is 'Whether the caller sees this ticket; false for one in the trash. Example: select autocrm.sees_ticket(7)';
create function autocrm.sees_messages(ticket_id bigint) returns boolean
  language c stable parallel restricted cost 0.01 as 'MODULE_PATHNAME', 'sees_messages';
comment on function autocrm.sees_messages(bigint) is 'Whether the caller sees this ticket or, for staff, the one that it was merged into. Example: select autocrm.sees_messages(7)';
create function autocrm.sees_attachment(ticket_id bigint, uploader_id bigint) returns boolean
  language c stable parallel restricted cost 0.01 as 'MODULE_PATHNAME', 'sees_attachment';
comment on function autocrm.sees_attachment(bigint, bigint) is 'Whether the caller sees files of this ticket or, where it is NULL, an upload of this user that is not attached yet. Example: select autocrm.sees_attachment(null, 3)';
create function autocrm.is_me(user_id bigint) returns boolean
  language c stable parallel restricted cost 0.01 as 'MODULE_PATHNAME', 'is_me';
comment on function autocrm.is_me(bigint) is 'Whether the caller is this user. Example: select autocrm.is_me(3)';
create function autocrm.sees_shared(owner_id bigint, team_id bigint) returns boolean
  language c stable parallel restricted cost 0.01 as 'MODULE_PATHNAME', 'sees_shared';
comment on function autocrm.sees_shared(bigint, bigint) is 'Whether the caller may see a row that belongs to this user, this team or, with NULLs, everybody. Example: select autocrm.sees_shared(null, 4)';
create function autocrm.sees_macro(macro_id bigint) returns boolean
  language c stable parallel restricted cost 0.01 as 'MODULE_PATHNAME', 'sees_macro';
comment on function autocrm.sees_macro(bigint) is 'Whether the caller may see this macro. Example: select autocrm.sees_macro(5)';
create function autocrm.sees_job(job_id bigint) returns boolean
  language c stable parallel restricted cost 0.01 as 'MODULE_PATHNAME', 'sees_job';
comment on function autocrm.sees_job(bigint) is 'Whether this bulk job is the caller''s. Example: select autocrm.sees_job(5)';
create function autocrm.sees_field(field_key text) returns boolean
  language c stable strict parallel restricted cost 0.01 as 'MODULE_PATHNAME', 'sees_field';
comment on function autocrm.sees_field(text) is 'Whether the caller''s role may see this custom field. Example: select autocrm.sees_field(''margin'')';

-- Imports of what another desk exported.
create function autocrm.keep_imported(keep boolean) returns boolean
  language c volatile strict parallel unsafe as 'MODULE_PATHNAME', 'keep_imported';
comment on function autocrm.keep_imported(boolean) is 'From now on in this (sub)transaction, until false: tickets are written as given, without rules, defaults and balancing. For the owner. Example: select autocrm.keep_imported(true)';

-- SQL prompts: who is at one, and what the desk alone gives.
create function autocrm.at_prompt() returns boolean
  language c stable parallel restricted as 'MODULE_PATHNAME', 'at_prompt_wrapper';
comment on function autocrm.at_prompt() is 'Whether the session is a person''s of the desk at a SQL prompt: true in their psql, false through the API. Example: select autocrm.at_prompt()';
create function autocrm.next_id(table_name text) returns bigint
  language c volatile strict parallel unsafe as 'MODULE_PATHNAME', 'next_id';
comment on function autocrm.next_id(text) is 'The id of a ticket or message that is about to be written; no other id is taken at a prompt. TK400 for another table. Example: select autocrm.next_id(''tickets'')';
create function autocrm.tg_given() returns trigger language c as 'MODULE_PATHNAME', 'tg_given';
comment on function autocrm.tg_given() is 'BEFORE INSERT OR UPDATE for people at a SQL prompt: ids, times, authors and external ids that they may not choose, and values of another shape, are refused, all at once. TK422. Argument: tickets or messages.';
create function autocrm.tg_times() returns trigger language c as 'MODULE_PATHNAME', 'tg_times';
comment on function autocrm.tg_times() is 'BEFORE INSERT OR UPDATE: the columns named as arguments become now when they are given; created_at never changes.';
-- Search.
create function autocrm.search_text(text text) returns text[]
  language c immutable strict parallel safe as 'MODULE_PATHNAME', 'search_text';
comment on function autocrm.search_text(text) is 'A text as search reads it: {the text in one form of each letter with the parts of its compounds behind it, the pairs of letters of scripts without blanks as a tsvector}. Example: select autocrm.search_text(''AB-12345'')  -- {"AB-12345 AB 12345",""}';

create function autocrm.log_xid() returns xid8
  language c volatile parallel unsafe as 'MODULE_PATHNAME', 'log_xid';
comment on function autocrm.log_xid() is 'This transaction''s number in the logs of events and of audit; TK500 where the desk was restored and not migrated since. Example: select autocrm.log_xid()';
create function autocrm.log_snapshot() returns pg_snapshot
  language c stable parallel restricted as 'MODULE_PATHNAME', 'log_snapshot';
comment on function autocrm.log_snapshot() is 'Which transactions have ended, in the numbers of the logs; the one that asks counts as running. Example: select autocrm.log_snapshot()';
create function autocrm.feed_page(cursor text, most integer) returns text[]
  language c stable parallel restricted as 'MODULE_PATHNAME', 'feed_page';
comment on function autocrm.feed_page(text, integer) is 'The events after a cursor, at most 1000: {ids, first day, day after the last, what their cursors begin with, the cursor to go on from}. NULL gives the cursor of now. TK410 for one of another log, TK422 for one that is none. Example: select autocrm.feed_page(null, 100)';

-- Counts of views.
create function autocrm.count_each(conditions jsonb, statuses bigint[]) returns bigint[]
  language c stable strict parallel restricted as 'MODULE_PATHNAME', 'count_each';
comment on function autocrm.count_each(jsonb, bigint[]) is 'How many tickets of these statuses that the caller sees meet each condition of a list, in its order; NULL for conditions that ask about more than the ticket''s row, and for callers whom row-level security limits otherwise than the staff: those are counted by SQL. TK422 for a condition that is wrong. Example: select autocrm.count_each(''[{"field": "priority", "op": "is", "value": "urgent"}]'', ''{1,2}'')';

-- Names in rules, views, macros, fields and forms.
create function autocrm.names_in("row" jsonb) returns jsonb
  language c immutable strict parallel safe as 'MODULE_PATHNAME', 'names_in_wrapper';
comment on function autocrm.names_in(jsonb) is 'What a row of rules, views, macros, fields or forms names: [{kind, name, sets}]; kind is team, status, priority, form, tag, organization, schedule, skill, email, user, field or option (key=value); sets: an action gives it to tickets. For the owner. Example: select autocrm.names_in(''{"actions": [{"set": "team", "value": "Billing"}]}'')  -- [{"kind": "team", "name": "Billing", "sets": true}]';
create function autocrm.rename_in("row" jsonb, kind text, old_name text, new_name text) returns jsonb
  language c immutable strict parallel safe as 'MODULE_PATHNAME', 'rename_in_wrapper';
comment on function autocrm.rename_in(jsonb, text, text, text) is 'The same row with one name written otherwise, wherever it stands; names differ by more than their case. For the owner. Example: select autocrm.rename_in(''{"actions": [{"add_tags": ["vip"]}]}'', ''tag'', ''vip'', ''gold'')';
create function autocrm.names_by_now(kind text, name text) returns bigint
  language c volatile strict parallel unsafe as 'MODULE_PATHNAME', 'names_by_now';
comment on function autocrm.names_by_now(text, text) is 'How many rows name something, as of now, also where the transaction reads an older snapshot. For the owner. Example: select autocrm.names_by_now(''team'', ''billing'')';

comment on function autocrm.render_template(text, jsonb, boolean) is 'A template filled with values {ticket: {…, custom}, requester, organization, assignee, agent, shown: {name of a variable: what its reader is shown}}; html escapes them. {{#if name}} does not hold for what is absent, an empty text or list, and false; it holds for 0. A comparison may say what is shown or the value itself. At most 100,000 characters. TK422 with the place of each mistake. Example: select autocrm.render_template(''Hello {{requester.first_name | "there"}}'', ''{}'', false)  -- Hello there';

-- Service level agreements.
create function autocrm.tg_sla_policies__check() returns trigger language c as 'MODULE_PATHNAME', 'tg_sla_policies__check';
comment on function autocrm.tg_sla_policies__check() is 'BEFORE INSERT OR UPDATE: refuses a policy whose conditions or targets could not be used, with the path of each mistake. TK422.';
create function autocrm.advance_sla(ticket_id bigint) returns boolean
  language c volatile strict parallel unsafe as 'MODULE_PATHNAME', 'advance_sla';
comment on function autocrm.advance_sla(bigint) is 'Counts the clocks of a ticket up to now, under the policy that holds, and writes what happened to them into its log; answers whether its next breach is another one. The ticket is locked by the caller. For the worker. Example: select autocrm.advance_sla(7)';

-- Quantile sketches.
create function autocrm.sketch_add(state internal, value double precision) returns internal
  language c immutable parallel safe as 'MODULE_PATHNAME', 'sketch_add';
comment on function autocrm.sketch_add(internal, double precision) is 'A part of autocrm.sketch. Example: select autocrm.sketch(x) from unnest(array[1, 2]::double precision[]) x';
create function autocrm.sketch_add(state internal, value double precision, times bigint) returns internal
  language c immutable parallel safe as 'MODULE_PATHNAME', 'sketch_add_times';
comment on function autocrm.sketch_add(internal, double precision, bigint) is 'A part of autocrm.sketch. Example: select autocrm.sketch(x, 2) from unnest(array[1, 2]::double precision[]) x';
create function autocrm.sketch_merge(state internal, sketch bytea) returns internal
  language c immutable parallel safe as 'MODULE_PATHNAME', 'sketch_merge';
comment on function autocrm.sketch_merge(internal, bytea) is 'A part of autocrm.merge_sketches. Example: select autocrm.merge_sketches(null)';
create function autocrm.sketch_result(state internal) returns bytea
  language c immutable parallel safe as 'MODULE_PATHNAME', 'sketch_result';
comment on function autocrm.sketch_result(internal) is 'A part of the aggregates of sketches. Example: select autocrm.sketch(null::double precision)  -- NULL';
-- A full sketch takes so much memory, outside of what Postgres counts by itself: without sspace a plan with many groups would
-- hold all of them at once, whatever work_mem allows.
create aggregate autocrm.sketch(value double precision) (
  sfunc = autocrm.sketch_add, stype = internal, sspace = 48000, finalfunc = autocrm.sketch_result, parallel = safe);
comment on aggregate autocrm.sketch(double precision) is 'How many values lie where, for autocrm.quantile, which is at most 1 % off; NULL without any. Values from 3e-10 to 3.5e9 are told apart, and what is 0 or less is counted as 0. TK422 for NaN and the infinities. Example: select autocrm.quantile(autocrm.sketch(x), 0.5) from generate_series(1, 100) x';
create aggregate autocrm.sketch(value double precision, times bigint) (
  sfunc = autocrm.sketch_add, stype = internal, sspace = 48000, finalfunc = autocrm.sketch_result, parallel = safe);
comment on aggregate autocrm.sketch(double precision, bigint) is 'The same, with each value counted so many times; a negative number takes it out of the sketch that this one is added to. Example: select autocrm.sketch(x, 3) from generate_series(1, 100) x';
create aggregate autocrm.merge_sketches(sketch bytea) (
  sfunc = autocrm.sketch_merge, stype = internal, sspace = 48000, finalfunc = autocrm.sketch_result, parallel = safe);
comment on aggregate autocrm.merge_sketches(bytea) is 'The sketch of all values of these sketches; NULL without any. TK422 for what is no sketch. Example: select autocrm.merge_sketches(s) from (select autocrm.sketch(x) from generate_series(1, 100) x) v (s)';
create function autocrm.add_sketches(sketch bytea, other bytea) returns bytea
  language c immutable parallel safe as 'MODULE_PATHNAME', 'add_sketches';
comment on function autocrm.add_sketches(bytea, bytea) is 'The sketch of the values of both, of which either may be NULL; NULL when nothing is left. TK422 for what is no sketch. Example: select autocrm.add_sketches(null, null)  -- NULL';
create function autocrm.quantile(sketch bytea, share double precision) returns double precision
  language c immutable strict parallel safe as 'MODULE_PATHNAME', 'quantile';
comment on function autocrm.quantile(bytea, double precision) is 'The value below which this share (0 to 1) of a sketch''s values lies, at most 1 % off. TK422 for what is no sketch, or one that more was taken out of than put in. Example: select autocrm.quantile(autocrm.sketch(x), 0.9) from generate_series(1, 100) x  -- about 90';

-- Attachments.
create function autocrm.copy_attachments(message_id bigint) returns jsonb
  language c volatile strict parallel unsafe as 'MODULE_PATHNAME', 'copy_attachments';
comment on function autocrm.copy_attachments(bigint) is 'Copies of the files of a message that the caller sees, as their own uploads that wait to be attached: {"<id>": id of the copy}. No content is stored twice. Example: select autocrm.copy_attachments(31)  -- {"7": 12}';

-- Comments of functions of the releases before, with the example calls that they lacked.
comment on function autocrm.now() is 'The time the desk believes it is: the transaction''s start, or the superuser-only setting autocrm.now in tests. Example: select autocrm.now()';
comment on function autocrm.fail(text, text, text, text) is 'Raises an error with SQLSTATE code, and DETAIL and HINT where they are given. Example: select autocrm.fail(''TK404'', ''There is no ticket 7'')  -- TK404';
comment on function autocrm.actor_id() is 'app.users.id of the caller, NULL for nobody. TK401 when the request''s claims are no longer valid. Example: select autocrm.actor_id()';
comment on function autocrm.actor_api_key_id() is 'app.api_keys.id of the calling key, NULL for people. Example: select autocrm.actor_api_key_id()';
comment on function autocrm.actor_role() is 'Role of the caller: admin, agent, customer, analyst or integration; NULL for nobody. Example: select autocrm.actor_role()';
comment on function autocrm.actor_team_ids() is 'Ids of the caller''s teams; for an API key those that it is limited to. Example: select autocrm.actor_team_ids()';
comment on function autocrm.actor_sees_all() is 'Whether the caller sees the tickets of every team. Example: select autocrm.actor_sees_all()';
comment on function autocrm.actor_has_scope(text) is 'Whether the calling API key has this scope, such as tickets:read; true for people. Example: select autocrm.actor_has_scope(''tickets:read'')';
comment on function autocrm.has_written(bigint) is 'Whether this transaction wrote this ticket: whoever hands one away still sees it until its end. Example: select autocrm.has_written(7)';
comment on function autocrm.sanitize_html(text) is 'The same HTML without anything active. TK422 beyond 2 MiB, 500 nested or 200,000 elements. Example: select autocrm.sanitize_html(''<b onclick="alert(1)">Hello</b>'')';
comment on function autocrm.html_to_text(text) is 'The plain text of HTML: blocks become lines. Limits as of sanitize_html. Example: select autocrm.html_to_text(''<p>Hello</p><p>Ada</p>'')';
comment on function autocrm.validate_fields(jsonb, text) is 'Problems of custom field values as "path: message", at create, update or solve; empty when they may be stored. Example: select autocrm.validate_fields(''{"seats": 0}'', ''create'')';
comment on function autocrm.check_conditions(jsonb) is 'Problems of a condition as "path: message"; empty when it can be used. Example: select autocrm.check_conditions(''{"field": "subject", "op": "contains", "value": "refund"}'')';
comment on function autocrm.check_actions(jsonb) is 'Problems of a list of actions as "path: message"; empty when it can be used. Example: select autocrm.check_actions(''[{"set": "priority", "value": "high"}]'')';
comment on function autocrm.recount_loads() is 'Counts every agent''s open tickets anew, as after a status changed its category; answers how many counts were wrong. Admins only. Example: select autocrm.recount_loads()';
comment on function autocrm.seal_audit() is 'Seals the audit rows of ended transactions; answers how many. For the worker. Example: select autocrm.seal_audit()';
comment on function autocrm.verify_audit() is 'Recomputes every seal of the audit; ok is false, and problem says why, where history was touched. Admins only. Example: select * from autocrm.verify_audit()';
create function autocrm.cursor(sort text, value text, id bigint) returns text
  language c immutable parallel safe as 'MODULE_PATHNAME', 'cursor_wrapper';
comment on function autocrm.cursor(text, text, bigint) is 'The opaque cursor of a page that autocrm.page does not make: the value and id that the next page begins after, and the order of the list. Example: select autocrm.cursor(''created_at'', ''2026-01-31 09:00:00+00'', 7)';
create function autocrm.item(sql text, query jsonb) returns json
  language c stable strict parallel unsafe as 'MODULE_PATHNAME', 'item';
comment on function autocrm.item(text, jsonb) is 'The first row that a SELECT over $1 (query) finds with the caller''s rights, as an object; NULL for none. A column a.b becomes key b of an object a; status@, status_category@, priority@, team@ and form@ are ids, shown as the configuration has them. Its plan is kept per backend, role and text. TK403 outside of functions of schema api. Example: select autocrm.item(''select t.id, t.name from app.teams t'', ''{}'')  -- TK403';
comment on function autocrm.page(text, jsonb, integer, text) is 'A page of a list: {items, next}. sql is a SELECT over $1 (query) with the caller''s rights: first the text that it is ordered by, then id and the rest; a column a.b becomes key b of an object a, and status@, status_category@, priority@, team@ and form@ are ids, shown as the configuration has them. A third column that is the last, is json and is called item is the whole of each item. size is the most items; next is a cursor when there are more rows. Its plan is kept per backend, role and text. TK403 outside of functions of schema api. Example: select autocrm.page(''select t.id::text, t.id, t.name from app.teams t order by t.id limit 26'', ''{}'', 25, ''id'')  -- TK403';
comment on function autocrm.actor_class() is 'The class of live subscribers that the caller belongs to: those who see the same tickets; NULL for nobody. Example: select autocrm.actor_class()';
comment on function autocrm.outsiders(text, text[]) is 'Places (from 1) of those claims that no longer stand for a member of this class. TK403 for everybody but the API. Example: select autocrm.outsiders(''all'', array[''{"sub": "1"}''])';
comment on function autocrm.holds(bigint, jsonb) is 'Whether a ticket meets a condition. TK404 for a ticket that the caller cannot see, TK422 for a condition that is wrong. Example: select autocrm.holds(7, ''{"field": "status", "op": "is", "value": "new"}'')';
comment on function autocrm.condition_schema() is 'JSON Schema of conditions: every field of this desk with the operators and values that fit it. Example: select autocrm.condition_schema()';
comment on function autocrm.simulate_routing(jsonb, timestamptz, timestamptz) is 'How past tickets would have been routed under a draft of the rules (NULL: the rules of today), without writing: tickets by rule and team, those that would have moved, waiting in seconds, load with its Gini coefficient, skills that no agent has. Each ticket as it is now, but new and unassigned. TK403 for all but admins, TK422 with the path of each mistake in the draft. Example: select autocrm.simulate_routing(null, autocrm.now() - interval ''1 day'', autocrm.now())';
comment on function autocrm.act(text, bigint, bigint, text) is 'Carries out a trigger or automation on a ticket; its changes carry its id. cause_xid is the transaction that a trigger answers. For the worker. Example: select autocrm.act(''trigger'', 1, 7, null)';
comment on function autocrm.matching_triggers(bigint, text) is 'Triggers that match what a transaction did to a ticket: [{id, name, explanation}]. For the worker. Example: select autocrm.matching_triggers(7, autocrm.log_xid()::text)';
comment on function autocrm.plan_automations(bigint, bigint, boolean) is 'Notes when automations (NULL: all) must look at a ticket next. With one and true: {name, explanation} when its moment has come. For the worker. Example: select autocrm.plan_automations(7, null, false)';
comment on function autocrm.sweep_waiting() is 'Offers tickets that time has made due or that simultaneous transactions left waiting, and takes back work of agents who are away for too long; answers how many tickets found an agent. For the worker. Example: select autocrm.sweep_waiting()';
comment on function autocrm.html_mentions(text) is 'Users and teams that sanitised HTML mentions by data-mention, each once, as user:7 or team:3; none that it only quotes. Example: select autocrm.html_mentions(''<span data-mention="user:7">@Ada</span>'')  -- {user:7}';
comment on function autocrm.part_fields(bigint[], text) is 'Moves the values of a custom field of these tickets to where its definition says they belong, without an event; takes a restricted field out of events and firings that all may read. Answers how many tickets it wrote. For the owner. Example: select autocrm.part_fields(array[7, 9], ''area'')';
comment on function autocrm.fill_field(bigint[], text, jsonb, bigint) is 'Sets a custom field of these tickets as a back-fill does: audited and in their events, but no trigger answers it and updated_at stays. job is the id of the field job. Answers how many tickets it wrote. For the owner. Example: select autocrm.fill_field(array[7, 9], ''area'', ''"api"'', 1)';

revoke all on all functions in schema autocrm from public;

-- Erasure of personal data. For the owner.
create function autocrm.erasing(erasing boolean) returns boolean
  language c volatile strict parallel unsafe as 'MODULE_PATHNAME', 'erasing';
comment on function autocrm.erasing(boolean) is 'From now on in this (sub)transaction, until false: values are erased. The audit of what is written shows which columns changed and none of their values; events, decisions and audit rows may be changed; tickets and messages are written as given, without events. For the owner. Example: select autocrm.erasing(false)';
create function autocrm.erase_audit(table_name text, row_key text, ids bigint[], columns text[], words text[]) returns bigint
  language c volatile parallel unsafe as 'MODULE_PATHNAME', 'erase_audit';
comment on function autocrm.erase_audit(text, text, bigint[], text[], text[]) is 'Masks values in these rows of the audit log: those of the columns, and those that hold one of the words (in lower case, as JSON writes them); all when both are NULL. Each masked row keeps the digest of what it was, so that the seals hold; a row of action redact records the act under the table and key. Answers how many rows changed. For the owner. Example: select autocrm.erase_audit(''erasures'', ''1'', ''{}'', null, ''{ada lovelace}'')';
create function autocrm.redact_words(body text, words text[], html boolean) returns text
  language c immutable strict parallel safe as 'MODULE_PATHNAME', 'redact_words';
comment on function autocrm.redact_words(text, text[], boolean) is 'A text or sanitised HTML in which blocks stand for the words, in upper and lower case, across tags and in attributes. Example: select autocrm.redact_words(''Dear Ada'', ''{ada}'', false)  -- Dear ▇▇▇';
create function autocrm.redact_json(body jsonb, words text[]) returns jsonb
  language c immutable strict parallel safe as 'MODULE_PATHNAME', 'redact_json';
comment on function autocrm.redact_json(jsonb, text[]) is 'JSON in whose texts blocks stand for the words, in upper and lower case; a number that is one of them becomes null, and keys stay. Example: select autocrm.redact_json(''{"note": "Dear Ada"}'', ''{ada}'')  -- {"note": "Dear ▇▇▇"}';

-- Moves of whole tickets between their tables and the archive. For the owner.
create function autocrm.archiving(archiving boolean) returns boolean
  language c volatile strict parallel unsafe as 'MODULE_PATHNAME', 'archiving';
comment on function autocrm.archiving(boolean) is 'From now on in this (sub)transaction, until false: tickets and all that belongs to them move to or from the archive. Rows are written as given, without checks and events; the audit has one row a ticket, of action archive or restore; counts follow. For the owner. Example: select autocrm.archiving(false)';
create function autocrm.archives() returns boolean
  language c volatile strict parallel unsafe as 'MODULE_PATHNAME', 'archives';
comment on function autocrm.archives() is 'Whether tickets move to or from the archive right now. For the owner. Example: select autocrm.archives()';
