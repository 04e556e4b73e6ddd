-- An UPDATE that names a column of a unique index which a foreign key could refer to locks its row FOR UPDATE, even when
-- nothing changes, and whatever refers to the row waits. No foreign key can refer to a partial index, so uniqueness beside
-- the primary key is one of partial indexes on every table that others refer to. What a foreign key does refer to
-- (custom_fields.key) stays.
do $$
declare
  v_key record;
begin
  for v_key in
    select c.oid::regclass as on_table, x.indexrelid::regclass as index, i.relname as name, k.conname as con_name,
           pg_get_indexdef(x.indexrelid) as definition,
           -- The columns that may be NULL; where none may, the first, which is always there.
           (select coalesce(string_agg(format('%I is not null', a.attname), ' and ' order by n) filter (where not a.attnotnull),
                            min(format('%I is not null', a.attname)) filter (where n = 1))
              from unnest(x.indkey::smallint[]) with ordinality m (attnum, n)
              join pg_attribute a on a.attrelid = x.indrelid and a.attnum = m.attnum) as present
      from pg_index x
      join pg_class c on c.oid = x.indrelid and c.relkind = 'r'
      join pg_class i on i.oid = x.indexrelid
      left join pg_constraint k on k.conindid = x.indexrelid and k.contype = 'u'
     where c.relnamespace = 'app'::regnamespace
       and x.indisunique and not x.indisprimary and x.indpred is null and x.indexprs is null
       and exists (select from pg_constraint f where f.contype = 'f' and f.confrelid = c.oid)
       and not exists (select from pg_constraint f where f.contype = 'f' and f.conindid = x.indexrelid)
     order by i.relname
  loop
    if v_key.con_name is null then
      execute format('drop index %s', v_key.index);
    else
      execute format('alter table %s drop constraint %I', v_key.on_table, v_key.con_name);
    end if;
    -- NULLs never were equal; the index keeps its name, which refusals are read from.
    execute format('%s where %s', v_key.definition, v_key.present);
  end loop;
end
$$;
