-- Privileges of the roles on schema app; which rows they cover is up to the policies beside each table.
revoke all on schema app from public;
grant usage on schema app to
  autocrm_admin, autocrm_agent, autocrm_integration, autocrm_customer, autocrm_analyst, autocrm_api;

-- Grants of earlier versions are revoked first.
revoke all on all tables in schema app from
  autocrm_admin, autocrm_agent, autocrm_integration, autocrm_customer, autocrm_analyst;
revoke all on all sequences in schema app from
  public, autocrm_admin, autocrm_agent, autocrm_integration, autocrm_customer, autocrm_analyst;

-- Functions of schema app serve triggers and policies; only those granted below can be called.
revoke all on all functions in schema app from public;
alter default privileges for role autocrm_owner revoke execute on functions from public;

-- Grants writing of all columns except those that no caller writes: ids, versions, times, and p_except.
create function app._grant_columns(p_verbs text[], p_table text, p_roles text, p_except text[] default '{}')
  returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_columns text;
  v_verb text;
begin
  select string_agg(quote_ident(a.attname), ', ' order by a.attnum) into v_columns
    from pg_attribute a
   where a.attrelid = ('app.' || p_table)::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     and a.attname <> all (array['id', 'version', 'created_at', 'updated_at'] || p_except);
  foreach v_verb in array p_verbs
  loop
    execute format('grant %s (%s) on app.%I to %s', v_verb, v_columns, p_table, p_roles);
  end loop;
end
$$;
comment on function app._grant_columns(text[], text, text, text[]) is 'Used while sql/ is applied. Example: select app._grant_columns(''{insert, update}'', ''teams'', ''autocrm_admin'')';
