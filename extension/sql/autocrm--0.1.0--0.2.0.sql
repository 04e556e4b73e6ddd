-- From release 0.1.0 to 0.2.0.
\echo Use "ALTER EXTENSION autocrm UPDATE" to load this file. \quit

create function autocrm.page(sql text, query jsonb, size integer, sort text) returns json
  language c stable strict parallel unsafe as 'MODULE_PATHNAME', 'page';
comment on function autocrm.page(text, jsonb, integer, text) is 'A page of a list: {items, next}. sql is a SELECT over $1 (query) with the caller''s rights: first the text that it is ordered by, then id and the rest; a column a.b becomes key b of an object a. next is a cursor when there are more than size rows. Its plan is kept per backend, role and text.';

revoke all on all functions in schema autocrm from public;
