-- Languages and time zones that nobody knows, from before they were checked. An underscore is the usual mistake.
update app.users
   set locale = case when replace(split_part(locale, '.', 1), '_', '-') ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'
                     then replace(split_part(locale, '.', 1), '_', '-') else 'en' end
 where locale !~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$';
update app.users
   set time_zone = 'UTC'
 where time_zone <> 'UTC' and time_zone not in (select name from pg_catalog.pg_timezone_names);
