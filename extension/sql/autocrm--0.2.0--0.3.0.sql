-- From release 0.2.0 to 0.3.0.
\echo Use "ALTER EXTENSION autocrm UPDATE" to load this file. \quit

create function autocrm.tg_settle_books() returns trigger
  language c volatile as 'MODULE_PATHNAME', 'tg_settle_books';
comment on function autocrm.tg_settle_books() is 'Writes what the rows of a statement changed in agents'' books, agent by agent in the order of their ids.';

create function autocrm.check_loads() returns bigint
  language c volatile parallel unsafe as 'MODULE_PATHNAME', 'check_loads_wrapper';
comment on function autocrm.check_loads() is 'Compares every agent''s counts with their open tickets, without keeping anybody waiting; what differs is a defect: it is put right, told in the log and in the audit, and counted in the answer.';

-- Who sees which row, asked before any other condition: cheaper than every comparison, so that a leakproof one never
-- meets a row that the policies hide.
create function autocrm.sees_row(id bigint, team_id bigint, assignee_id bigint, requester_id bigint) returns boolean
  language c stable parallel restricted cost 0.01 as 'MODULE_PATHNAME', 'sees_row';
comment on function autocrm.sees_row(bigint, bigint, bigint, bigint) is 'Whether who acts sees a ticket of this team, assignee and requester. Example: select autocrm.sees_row(7, 1, null, 3)';
create function autocrm.sees_ticket(ticket_id bigint) returns boolean
  language c stable parallel restricted cost 0.01 as 'MODULE_PATHNAME', 'sees_ticket';
comment on function autocrm.sees_ticket(bigint) is 'Whether who acts sees this ticket; false for one in the trash. Example: select autocrm.sees_ticket(7)';
create function autocrm.sees_messages(ticket_id bigint) returns boolean
  language c stable parallel restricted cost 0.01 as 'MODULE_PATHNAME', 'sees_messages';
comment on function autocrm.sees_messages(bigint) is 'Whether who acts sees this ticket or, being of the staff, the one that it was merged into. Example: select autocrm.sees_messages(7)';
create function autocrm.sees_attachment(ticket_id bigint, uploader_id bigint) returns boolean
  language c stable parallel restricted cost 0.01 as 'MODULE_PATHNAME', 'sees_attachment';
comment on function autocrm.sees_attachment(bigint, bigint) is 'Whether who acts sees files of this ticket or, where it is NULL, an upload of this user that waits. Example: select autocrm.sees_attachment(null, 3)';
create function autocrm.is_me(user_id bigint) returns boolean
  language c stable parallel restricted cost 0.01 as 'MODULE_PATHNAME', 'is_me';
comment on function autocrm.is_me(bigint) is 'Whether who acts is this user. Example: select autocrm.is_me(3)';
create function autocrm.sees_shared(owner_id bigint, team_id bigint) returns boolean
  language c stable parallel restricted cost 0.01 as 'MODULE_PATHNAME', 'sees_shared';
comment on function autocrm.sees_shared(bigint, bigint) is 'Whether who acts may see what is this user''s, this team''s or, with NULLs, everybody''s. Example: select autocrm.sees_shared(null, 4)';
create function autocrm.sees_macro(macro_id bigint) returns boolean
  language c stable parallel restricted cost 0.01 as 'MODULE_PATHNAME', 'sees_macro';
comment on function autocrm.sees_macro(bigint) is 'Whether who acts may see this macro. Example: select autocrm.sees_macro(5)';
create function autocrm.sees_job(job_id bigint) returns boolean
  language c stable parallel restricted cost 0.01 as 'MODULE_PATHNAME', 'sees_job';
comment on function autocrm.sees_job(bigint) is 'Whether this bulk job is of who acts. Example: select autocrm.sees_job(5)';
create function autocrm.sees_field(field_key text) returns boolean
  language c stable strict parallel restricted cost 0.01 as 'MODULE_PATHNAME', 'sees_field';
comment on function autocrm.sees_field(text) is 'Whether the role of who acts may see this custom field. Example: select autocrm.sees_field(''margin'')';

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
comment on function autocrm.feed_page(text, integer) is 'The events after a cursor, at most 1000: {ids, first day, day after the last, what their cursors begin with, the cursor to go on from}. NULL gives the cursor of now. TK410 for one of another log, TK422 for one that is none.';

-- What names what.
create function autocrm.names_in("row" jsonb) returns jsonb
  language c immutable strict parallel safe as 'MODULE_PATHNAME', 'names_in_wrapper';
comment on function autocrm.names_in(jsonb) is 'What a row of rules, views, macros, fields or forms names: [{kind, name, sets}]; kind is team, status, priority, form, tag, organization, schedule, skill, email, user, field or option (key=value); sets: an action gives it to tickets. For the owner. Example: select autocrm.names_in(''{"actions": [{"set": "team", "value": "Billing"}]}'')  -- [{"kind": "team", "name": "Billing", "sets": true}]';
create function autocrm.rename_in("row" jsonb, kind text, old_name text, new_name text) returns jsonb
  language c immutable strict parallel safe as 'MODULE_PATHNAME', 'rename_in_wrapper';
comment on function autocrm.rename_in(jsonb, text, text, text) is 'The same row with one name written otherwise, wherever it stands; names differ by more than their case. For the owner. Example: select autocrm.rename_in(''{"actions": [{"add_tags": ["vip"]}]}'', ''tag'', ''vip'', ''gold'')';

comment on function autocrm.render_template(text, jsonb, boolean) is 'A template filled with values {ticket: {…, custom}, requester, organization, assignee, agent, shown: {name of a variable: what its reader is shown}}; html escapes them. {{#if name}} does not hold for what is absent, an empty text or list, and false; it holds for 0. A comparison may say what is shown or the value itself. At most 100,000 characters. TK422 with the place of each mistake. Example: select autocrm.render_template(''Hello {{requester.first_name | "there"}}'', ''{}'', false)  -- Hello there';

-- Attachments.
create function autocrm.copy_attachments(message_id bigint) returns jsonb
  language c volatile strict parallel unsafe as 'MODULE_PATHNAME', 'copy_attachments';
comment on function autocrm.copy_attachments(bigint) is 'Copies of the files of a message that the caller sees, as their own uploads that wait to be attached: {"<id>": id of the copy}. No content is stored twice. Example: select autocrm.copy_attachments(31)  -- {"7": 12}';

revoke all on all functions in schema autocrm from public;
