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

create function autocrm.tg_refresh_agent() returns trigger
  language c as 'MODULE_PATHNAME', 'tg_refresh_agent';
comment on function autocrm.tg_refresh_agent() is 'Keeps who may be offered work, after a change of who somebody is; the argument names the column with the agent.';
create function autocrm.tg_teams__terms() returns trigger
  language c as 'MODULE_PATHNAME', 'tg_teams__terms';
comment on function autocrm.tg_teams__terms() is 'A team''s new terms of balancing count at once for its agents and for what waits.';
create function autocrm.sweep_waiting() returns bigint
  language c volatile parallel unsafe as 'MODULE_PATHNAME', 'sweep_waiting_wrapper';
comment on function autocrm.sweep_waiting() is 'Offers what time has made due and what simultaneous transactions left waiting, takes back work of those who are away for too long; answers how many tickets found somebody.';
create function autocrm.note_shift(user_id bigint, on_shift boolean) returns void
  language c volatile strict parallel unsafe as 'MODULE_PATHNAME', 'note_shift_wrapper';
comment on function autocrm.note_shift(bigint, boolean) is 'An agent''s shift begins or ends: whoever is off shift is offered nothing, whoever comes is offered what waits.';

revoke all on all functions in schema autocrm from public;
