-- From release 0.2.0 to 0.3.0.
\echo Use "ALTER EXTENSION autocrm UPDATE" to load this file. \quit

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
