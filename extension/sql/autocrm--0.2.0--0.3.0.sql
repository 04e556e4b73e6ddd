-- From release 0.2.0 to 0.3.0.
\echo Use "ALTER EXTENSION autocrm UPDATE" to load this file. \quit

create function autocrm.tg_settle_books() returns trigger
  language c volatile as 'MODULE_PATHNAME', 'tg_settle_books';
comment on function autocrm.tg_settle_books() is 'Writes what the rows of a statement changed in agents'' books, agent by agent in the order of their ids.';

create function autocrm.check_loads() returns bigint
  language c volatile parallel unsafe as 'MODULE_PATHNAME', 'check_loads_wrapper';
comment on function autocrm.check_loads() is 'Compares every agent''s counts with their open tickets, without keeping anybody waiting; what differs is a defect: it is put right, told in the log and in the audit, and counted in the answer.';
