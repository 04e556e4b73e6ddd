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

revoke all on all functions in schema autocrm from public;
