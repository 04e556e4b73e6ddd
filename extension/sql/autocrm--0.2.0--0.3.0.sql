-- From release 0.2.0 to 0.3.0.
\echo Use "ALTER EXTENSION autocrm UPDATE" to load this file. \quit

-- Search.
create function autocrm.search_text(text text) returns text[]
  language c immutable strict parallel safe as 'MODULE_PATHNAME', 'search_text';
comment on function autocrm.search_text(text) is 'A text as search reads it: {the text in one form of each letter with the parts of its compounds behind it, the pairs of letters of scripts without blanks as a tsvector}. Example: select autocrm.search_text(''AB-12345'')  -- {"AB-12345 AB 12345",""}';
