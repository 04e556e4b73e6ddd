-- The definition of a plain resource: one call beside its view instead of five functions.

-- Creates the functions of a plain resource, list_<resource>, get_<one>, create_<one>, update_<one> and delete_<one>,
-- and their comments. p_filters, p_search (columns that q looks through) and p_sorts are for pages, p_keys may be
-- written; p_about describes the keys; p_query, p_create and p_update are the bodies of the examples; p_create_scopes are
-- scopes that a key needs to add one, p_fixed are keys that stay as they were created. Dropped once sql/ is applied.
create function api._define_resource(
  p_resource text, p_one text, p_filters text[], p_search text[], p_sorts text[], p_keys text[] default '{}',
  p_verbs text[] default '{list,get,create,update,delete}', p_about text default null, p_query text default '{"limit": 50}',
  p_create text default null, p_update text default null, p_deleting text default 'TK409 when it is stale or still in use.',
  p_create_scopes text[] default '{}', p_fixed text[] default '{}')
  returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $define$
declare
  v_what constant text := replace(p_one, '_', ' ');
  v_shape constant text := (
    select '{' || string_agg(a.attname, ', ' order by a.attnum) || '}' from pg_attribute a
     where a.attrelid = ('api.' || p_resource)::regclass and a.attnum > 0 and not a.attisdropped);
  v_about constant text := coalesce(p_about, array_to_string(p_keys, ', '));
  v_verb text;
  v_name text;
  v_takes text;
  v_call text;
  v_comment text;
begin
  foreach v_verb in array p_verbs
  loop
    v_name := case v_verb when 'list' then 'list_' || p_resource else v_verb || '_' || p_one end;
    case v_verb
      when 'list' then
        v_takes := 'p_query jsonb default ''{}''';
        v_call := format('_list(%L, p_query, %L, %L, %L)', p_resource, p_filters, p_search, p_sorts);
        v_comment := format('A page of %s: {items: [%s], next}. limit (1 to 200, else 25), after (next of the page before), q (part of %s), sort (%s; - in front: descending), filters %s. TK422 for anything else. Example: select api.%s(%L)',
          replace(p_resource, '_', ' '), v_shape, array_to_string(p_search, ' or '),
          (select string_agg(distinct ltrim(s, '-'), ', ') from unnest(p_sorts) s), array_to_string(p_filters, ', '), v_name, p_query);
      when 'get' then
        v_takes := 'p_id bigint';
        v_call := format('_get(%L, %L, p_id)', p_resource, v_what);
        v_comment := format('One %s: %s. TK404 when there is none that the caller can see. Example: select api.%s(1)', v_what, v_shape, v_name);
      when 'create' then
        v_takes := 'p_body jsonb';
        v_call := format('_create(%L, p_body, %L)', p_resource, p_keys);
        if p_create_scopes <> '{}' then
          v_call := (select string_agg(format('_need_scope(%L)', s), ', api.') from unnest(p_create_scopes) s) || '; select api.' || v_call;
        end if;
        v_comment := format('Adds %s %s and answers it: %s. Keys: %s. TK403 for callers who may not%s, TK422 with every problem. Example: select api.%s(%L)',
          case when v_what ~ '^[aeio]' then 'an' else 'a' end, v_what, v_shape, v_about,
          case when p_create_scopes <> '{}' then ', such as keys without ' || array_to_string(p_create_scopes, ' and ') else '' end, v_name, p_create);
      when 'update' then
        v_takes := 'p_id bigint, p_body jsonb, p_version bigint default null';
        v_call := format('_update(%L, %L, p_id, p_body, p_version, %L, %L)', p_resource, v_what, p_keys, p_fixed);
        v_comment := format('Changes the keys given and answers the %s: %s. Keys: %s. TK403, TK404, TK409 with the current %s in DETAIL when p_version is not its version, TK422 with every problem. Example: select api.%s(1, %L)',
          v_what, v_shape, v_about, v_what, v_name, p_update);
      when 'delete' then
        v_takes := 'p_id bigint, p_version bigint default null';
        v_call := format('_delete(%L, %L, p_id, p_version)', p_resource, v_what);
        v_comment := format('Removes %s %s: {id, deleted}. TK403, TK404, %s Example: select api.%s(99)',
          case when v_what ~ '^[aeio]' then 'an' else 'a' end, v_what, p_deleting, v_name);
    end case;
    execute format('create function api.%I(%s) returns json language sql %s set search_path = '''' as %L',
      v_name, v_takes, case when v_verb in ('list', 'get') then 'stable' else 'volatile' end, 'select api.' || v_call);
    execute format('comment on function api.%I is %L', v_name, v_comment);
  end loop;
end
$define$;
