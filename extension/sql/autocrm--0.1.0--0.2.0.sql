-- From release 0.1.0 to 0.2.0.
\echo Use "ALTER EXTENSION autocrm UPDATE" to load this file. \quit

create function autocrm.page(sql text, query jsonb, size integer, sort text) returns json
  language c stable strict parallel unsafe as 'MODULE_PATHNAME', 'page';
comment on function autocrm.page(text, jsonb, integer, text) is 'A page of a list: {items, next}. sql is a SELECT over $1 (query) with the caller''s rights: first the text that it is ordered by, then id and the rest; a column a.b becomes key b of an object a. next is a cursor when there are more than size rows. Its plan is kept per backend, role and text.';

create function autocrm.actor_class() returns text
  language c stable parallel restricted as 'MODULE_PATHNAME', 'actor_class';
comment on function autocrm.actor_class() is 'The class of live subscribers that who acts belongs to: those who see the same tickets; NULL for nobody.';
create function autocrm.outsiders(class text, members text[]) returns integer[]
  language c stable strict parallel unsafe as 'MODULE_PATHNAME', 'outsiders';
comment on function autocrm.outsiders(text, text[]) is 'Places (from 1) of those claims that no longer stand for a member of this class; for the API alone, TK403 for others.';

create function autocrm.tag_names(tag_ids bigint[]) returns text[]
  language c stable strict parallel restricted as 'MODULE_PATHNAME', 'tag_names_wrapper';
comment on function autocrm.tag_names(bigint[]) is 'Names of these tags in alphabetical order, kept per backend; empty for customers, who read no tags. Example: select autocrm.tag_names(array[1, 2])';

-- Conditions: they know the desk's custom fields now.

alter function autocrm.check_conditions(jsonb) stable parallel restricted;
create function autocrm.condition_sql(conditions jsonb) returns text
  language c stable strict parallel restricted as 'MODULE_PATHNAME', 'condition_sql';
comment on function autocrm.condition_sql(jsonb) is 'The condition as a predicate over app.tickets t, with the same meaning as autocrm.holds(). TK422 for one that is wrong or asks about a change. Example: select autocrm.condition_sql(''{"field": "status", "op": "is", "value": "open"}'')';
create function autocrm.condition_statuses(conditions jsonb) returns bigint[]
  language c stable strict parallel restricted as 'MODULE_PATHNAME', 'condition_statuses';
comment on function autocrm.condition_statuses(jsonb) is 'Ids of the statuses in which a ticket may meet the condition. TK422 for one that is wrong. Example: select autocrm.condition_statuses(''{"field": "status", "op": "is", "value": "open"}'')  -- {2}';
create function autocrm.holds(ticket_id bigint, conditions jsonb) returns boolean
  language c stable strict parallel restricted as 'MODULE_PATHNAME', 'holds';
comment on function autocrm.holds(bigint, jsonb) is 'Whether a ticket meets a condition. TK404 for a ticket that the caller cannot see, TK422 for a condition that is wrong.';
create function autocrm.test(value jsonb, test jsonb) returns boolean
  language c immutable parallel safe as 'MODULE_PATHNAME', 'test_value';
comment on function autocrm.test(jsonb, jsonb) is 'Whether one value, NULL for absent, meets one test of a condition. Example: select autocrm.test(''"Refund"'', ''{"field": "subject", "op": "contains", "value": "fund"}'')';
create function autocrm.condition_schema() returns jsonb
  language c stable parallel restricted as 'MODULE_PATHNAME', 'condition_schema';
comment on function autocrm.condition_schema() is 'JSON Schema of conditions: every field of this desk with the operators and values that fit it.';

create function autocrm.simulate_routing(rules jsonb, "from" timestamptz, "to" timestamptz) returns jsonb
  language c volatile parallel unsafe as 'MODULE_PATHNAME', 'simulate_routing';
comment on function autocrm.simulate_routing(jsonb, timestamptz, timestamptz) is 'What past tickets would have become under a draft of the rules (NULL: those of today), without writing: tickets by rule and team, those moved, waiting in seconds, load with its Gini coefficient, skills nobody has. Each ticket as it is now, but new and nobody''s. TK403 for all but admins, TK422 with the path of each mistake in the draft.';

create function autocrm.matching_rules(ticket_id bigint) returns bigint[]
  language c stable strict parallel restricted as 'MODULE_PATHNAME', 'matching_rules';
comment on function autocrm.matching_rules(bigint) is 'Ids of the routing rules that would speak of this ticket as it is now, in their order. TK404 for who may not see it. Example: select autocrm.matching_rules(7)';
-- Schedules. A day's hours are those of its exception, else none on a holiday, else of its weekday; they belong
-- to the day on which they begin. Hours last from the first instant at which the clock reads "from" or later to
-- the last before which it reads earlier than "to": skipped times do not happen, repeated ones count twice.
create function autocrm.tg_schedules__check() returns trigger
  language c volatile as 'MODULE_PATHNAME', 'tg_schedules__check';
comment on function autocrm.tg_schedules__check() is 'Refuses a schedule that could not be used: TK422 with the path of every problem.';
create function autocrm.business_seconds(from_at timestamptz, to_at timestamptz, schedule_id bigint) returns bigint
  language c stable strict parallel restricted as 'MODULE_PATHNAME', 'business_seconds';
comment on function autocrm.business_seconds(timestamptz, timestamptz, bigint) is 'Whole seconds of business time between two points in time, negative when to_at comes first. TK404 without such a schedule, TK422 outside of the years 1 to 9998. Example: select autocrm.business_seconds(''2026-01-05 00:00Z'', ''2026-01-06 00:00Z'', 1)  -- 28800';
create function autocrm.is_open(schedule_id bigint, at timestamptz) returns boolean
  language c stable strict parallel restricted as 'MODULE_PATHNAME', 'is_open';
comment on function autocrm.is_open(bigint, timestamptz) is 'Whether the schedule is open at this point in time. TK404, TK422. Example: select autocrm.is_open(1, autocrm.now())';
create function autocrm.next_open(schedule_id bigint, at timestamptz) returns timestamptz
  language c stable strict parallel restricted as 'MODULE_PATHNAME', 'next_open';
comment on function autocrm.next_open(bigint, timestamptz) is 'When the schedule is open next: at itself while it is open, NULL when it does not open within two years. TK404, TK422. Example: select autocrm.next_open(1, autocrm.now())';
create function autocrm.closes_at(schedule_id bigint, at timestamptz) returns timestamptz
  language c stable strict parallel restricted as 'MODULE_PATHNAME', 'closes_at';
comment on function autocrm.closes_at(bigint, timestamptz) is 'When the interval ends in which this point in time lies; NULL while closed, or when it lasts for two years or more. TK404, TK422. Example: select autocrm.closes_at(1, autocrm.now())';
create function autocrm.add_business(at timestamptz, seconds bigint, schedule_id bigint) returns timestamptz
  language c stable strict parallel restricted as 'MODULE_PATHNAME', 'add_business';
comment on function autocrm.add_business(timestamptz, bigint, bigint) is 'When so many seconds of business time have passed since at: the first such point in time, or going back (negative) the last; NULL when it is not reached for want of hours. TK404, TK422. Example: select autocrm.add_business(autocrm.now(), 4 * 3600, 1)';
create function autocrm.coverage(team_id bigint, from_at timestamptz, skill_id bigint, level integer) returns json
  language c stable parallel restricted as 'MODULE_PATHNAME', 'coverage';
comment on function autocrm.coverage(bigint, timestamptz, bigint, integer) is 'Each of 168 hours from the full hour (UTC) of from_at on: {from, open, agents}, agents being the fewest on shift at any moment of it while the team is open, and uncovered, when it is open with nobody there. Counts active agents that the caller may see, with the skill at the level at least when skill_id is not NULL. TK404 without such a team. Example: select autocrm.coverage(1, autocrm.now(), null, 1)';

-- Balancing.

create function autocrm.tg_refresh_agent() returns trigger
  language c as 'MODULE_PATHNAME', 'tg_refresh_agent';
comment on function autocrm.tg_refresh_agent() is 'Keeps who may be offered work, after a change of who somebody is; the argument names the column with the agent.';
create function autocrm.tg_teams__terms() returns trigger
  language c as 'MODULE_PATHNAME', 'tg_teams__terms';
comment on function autocrm.tg_teams__terms() is 'A team''s new terms of balancing count at once for its agents and for what waits.';
create function autocrm.sweep_waiting() returns bigint
  language c volatile parallel unsafe as 'MODULE_PATHNAME', 'sweep_waiting_wrapper';
comment on function autocrm.sweep_waiting() is 'Offers what time has made due and what simultaneous transactions left waiting, takes back work of those who are away for too long; answers how many tickets found somebody.';
create function autocrm.tg_rules__check() returns trigger
  language c volatile as 'MODULE_PATHNAME', 'tg_rules__check';
comment on function autocrm.tg_rules__check() is 'Refuses a trigger or automation (its argument says which) that could not be understood: TK422 with the path of every problem.';
create function autocrm.act(kind text, rule_id bigint, ticket_id bigint, cause_xid text) returns void
  language c volatile parallel unsafe as 'MODULE_PATHNAME', 'act';
comment on function autocrm.act(text, bigint, bigint, text) is 'Carries out a trigger or automation on a ticket; its changes carry its id. For the worker.';
create function autocrm.matching_triggers(ticket_id bigint, xid text) returns jsonb
  language c stable strict parallel unsafe as 'MODULE_PATHNAME', 'matching_triggers';
comment on function autocrm.matching_triggers(bigint, text) is 'Triggers that answer what a transaction did to a ticket: [{id, name, explanation}]. For the worker.';
create function autocrm.plan_automations(ticket_id bigint, automation_id bigint, speak boolean) returns jsonb
  language c volatile parallel unsafe as 'MODULE_PATHNAME', 'plan_automations';
comment on function autocrm.plan_automations(bigint, bigint, boolean) is 'Notes when automations (NULL: all) must look at a ticket next. With one and true: {name, explanation} when its moment has come. For the worker.';
create function autocrm.tg_statuses__recount() returns trigger
  language c as 'MODULE_PATHNAME', 'tg_statuses__recount';
comment on function autocrm.tg_statuses__recount() is 'Counts loads anew and mends the queue when a status changes its category.';
create function autocrm.tg_schedules__shifts() returns trigger
  language c as 'MODULE_PATHNAME', 'tg_schedules__shifts';
comment on function autocrm.tg_schedules__shifts() is 'New hours of a schedule count at once for everybody whose shifts they are.';
create function autocrm.html_mentions(html text) returns text[]
  language c immutable strict parallel safe as 'MODULE_PATHNAME', 'html_mentions_wrapper';
comment on function autocrm.html_mentions(text) is 'Whom sanitised HTML mentions by data-mention, each once: user:7 or team:3; nobody whom it only quotes.';
create function autocrm.tg_mentions__record() returns trigger
  language c volatile as 'MODULE_PATHNAME', 'tg_mentions__record';
comment on function autocrm.tg_mentions__record() is 'Audits a mention, and writes the event user.mentioned for whoever can see the ticket.';
create function autocrm.redact_message(message_id bigint, words text) returns boolean
  language c volatile parallel unsafe as 'MODULE_PATHNAME', 'redact_message';
comment on function autocrm.redact_message(bigint, text) is 'Takes words (NULL: everything) out of a message for good, and out of the history of that message. For admins and agents who may; TK403, TK404 for a message that the caller cannot see, TK422 when the words do not stand in it. Example: select autocrm.redact_message(12, ''4711'')';
create function autocrm.search_plan(q text) returns jsonb
  language c stable strict parallel restricted as 'MODULE_PATHNAME', 'search_plan';
comment on function autocrm.search_plan(text) is 'A question in the search language as {words: [{text, phrase, prefix, negated}], filter: a predicate over app.tickets t, jump: the id when it is only #id}. TK422 with the place of each mistake and what would fit. Example: select autocrm.search_plan(''refund status:open -tag:vip'')';
create function autocrm.edit_distance(a text, b text) returns integer
  language c immutable strict parallel safe as 'MODULE_PATHNAME', 'edit_distance';
comment on function autocrm.edit_distance(text, text) is 'How many letters to add, drop, change or swap with their neighbour; of the first 100. Example: select autocrm.edit_distance(''refnud'', ''refund'')  -- 1';

-- Macros and templates.
create function autocrm.tg_macros__check() returns trigger
  language c volatile as 'MODULE_PATHNAME', 'tg_macros__check';
comment on function autocrm.tg_macros__check() is 'Refuses a macro that could not be used: TK422 with the path of every problem in its actions and template.';
create function autocrm.render_template(template text, "values" jsonb, html boolean) returns text
  language c stable strict parallel restricted as 'MODULE_PATHNAME', 'render_template';
comment on function autocrm.render_template(text, jsonb, boolean) is 'A template filled with values {ticket: {…, custom}, requester, organization, assignee, agent}; html escapes them. At most 100,000 characters. TK422 with the place of each mistake. Example: select autocrm.render_template(''Hello {{requester.first_name | "there"}}'', ''{}'', false)  -- Hello there';

-- Custom objects and ticket forms.
create function autocrm.tg_object_records__prepare() returns trigger
  language c volatile as 'MODULE_PATHNAME', 'tg_object_records__prepare';
comment on function autocrm.tg_object_records__prepare() is 'Makes a record whole and checks it by the fields of its type: TK422 with the path of every problem.';
create function autocrm.validate_record(object_type_id bigint, custom jsonb) returns text[]
  language c stable strict parallel restricted as 'MODULE_PATHNAME', 'validate_record';
comment on function autocrm.validate_record(bigint, jsonb) is 'Everything wrong with the custom fields of a new record of this type, as "path: message". Example: select autocrm.validate_record(1, ''{"serial": 7}'')  -- {custom.serial: must be text}';
create function autocrm.tg_ticket_form_fields__check() returns trigger
  language c volatile as 'MODULE_PATHNAME', 'tg_ticket_form_fields__check';
comment on function autocrm.tg_ticket_form_fields__check() is 'Refuses a field of a form whose condition could not be understood: TK422.';

-- Custom fields.
create function autocrm.hidden_fields() returns text[]
  language c stable parallel restricted as 'MODULE_PATHNAME', 'hidden_fields';
comment on function autocrm.hidden_fields() is 'Keys of the custom fields that the caller''s role may not see; none when nobody acts. Example: select autocrm.hidden_fields()  -- {margin}';
create function autocrm.parts_fields() returns boolean
  language c stable parallel restricted as 'MODULE_PATHNAME', 'parts_fields';
comment on function autocrm.parts_fields() is 'Whether the caller''s view of a ticket''s custom fields is not tickets.custom alone: some are hidden from them, or are beside the row. Example: select autocrm.parts_fields()  -- false';
-- Leakproof: it tells nothing and fails for nothing, and else row-level security would keep its index from use.
create function autocrm.sort_key(custom jsonb, field_key text) returns text
  language c immutable strict leakproof parallel safe as 'MODULE_PATHNAME', 'sort_key_wrapper';
comment on function autocrm.sort_key(jsonb, text) is 'A custom field''s value as a text whose bytes are in the order of the values, as conditions compare them; NULL for lists and what is not there. For indexes. Example: select autocrm.sort_key(''{"area": "API"}'', ''area'')  -- tapi';
create function autocrm.conceal(told jsonb, keys text[]) returns jsonb
  language c immutable strict parallel safe as 'MODULE_PATHNAME', 'conceal_wrapper';
comment on function autocrm.conceal(jsonb, text[]) is 'What is told about rules, without what tests and actions say of these custom fields: only whether they hold stays. Example: select autocrm.conceal(''{"field": "custom.margin", "value": 3, "holds": true}'', ''{margin}'')';
create function autocrm.part_fields(ids bigint[], field_key text) returns bigint
  language c volatile strict parallel unsafe as 'MODULE_PATHNAME', 'part_fields';
comment on function autocrm.part_fields(bigint[], text) is 'Puts the values of these tickets where the definition of the field says they belong, without telling anybody; takes a restricted field out of events and firings that all may read. Answers how many tickets it wrote. For the owner.';
create function autocrm.fill_field(ids bigint[], field_key text, value jsonb, job bigint) returns bigint
  language c volatile strict parallel unsafe as 'MODULE_PATHNAME', 'fill_field';
comment on function autocrm.fill_field(bigint[], text, jsonb, bigint) is 'Sets a custom field of these tickets as a back-fill does: audited and told, but no trigger answers it and the tickets count as touched by nobody. Answers how many tickets it wrote. For the owner.';

revoke all on all functions in schema autocrm from public;
