-- The data dictionary: what each view of this schema and each of its columns mean, from their comments.
create view reporting.dictionary with (security_invoker = true) as
select c.relname as view, a.attname as "column", format_type(a.atttypid, a.atttypmod) as type,
       case when a.attnum is null then obj_description(c.oid, 'pg_class') else col_description(c.oid, a.attnum) end as meaning,
       coalesce(a.attnum, 0) as position
  from pg_class c
  cross join lateral (
    select null::smallint as attnum, null::name as attname, null::oid as atttypid, null::integer as atttypmod
    union all
    select x.attnum, x.attname, x.atttypid, x.atttypmod
      from pg_attribute x
     where x.attrelid = c.oid and x.attnum > 0 and not x.attisdropped
  ) a
 where c.relnamespace = 'reporting'::regnamespace and c.relkind = 'v' and has_table_privilege(c.oid, 'select');
comment on view reporting.dictionary is
  'What each view for data teams and each of its columns mean; the row without a column is the view''s own. Example: select "column", type, meaning from reporting.dictionary where view = ''tickets'' order by position';
comment on column reporting.dictionary.view is 'Name of the view in schema reporting.';
comment on column reporting.dictionary."column" is 'Name of the column; NULL in the row of the view itself.';
comment on column reporting.dictionary.type is 'Type of the column, as Postgres writes it.';
comment on column reporting.dictionary.meaning is 'What it means, with its unit.';
comment on column reporting.dictionary.position is 'Place of the column in its view, from 1; 0 for the view itself.';
