-- API keys of integrations. The key is shown once, by create_api_key; kept is its SHA-256.
create view api.api_keys with (security_invoker = true) as
select k.id, k.version, k.name, k.prefix, k.scopes, k.team_ids, k.user_id, k.created_by, k.created_at, k.expires_at,
       k.rate_limit, k.last_used_at, k.revoked_at, k.updated_at
  from app.api_keys k;
comment on view api.api_keys is 'API keys of integrations, without the keys and their hashes.';

create function api.list_api_keys(p_query jsonb default '{}')
  returns json
  language plpgsql stable
  set search_path = ''
as $$
begin
  perform api._need_admin('manage API keys');
  return api._list('api_keys', p_query, array['prefix'], array['name'], array['name', '-created_at']);
end
$$;
comment on function api.list_api_keys(jsonb) is
  'A page of API keys, without the keys themselves: {items: [{id, version, name, prefix, scopes, team_ids, user_id, created_by, created_at, expires_at, rate_limit, last_used_at, revoked_at, updated_at}], next}. limit, after, q (part of name), sort (name, created_at), filter prefix. Admins only. TK403, TK422. Example: select api.list_api_keys(''{"limit": 50}'')';

create function api.get_api_key(p_id bigint)
  returns json
  language plpgsql stable
  set search_path = ''
as $$
begin
  perform api._need_admin('manage API keys');
  return api._get('api_keys', 'API key', p_id);
end
$$;
comment on function api.get_api_key(bigint) is
  'One API key as list_api_keys has it, without the key itself. Admins only. TK403, TK404. Example: select api.get_api_key(1)';

-- Definer: no role may write the table, so that a key cannot be made with a hash of one's own.
create function api.create_api_key(p_body jsonb)
  returns json
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_scopes constant text[] := array[
    'tickets:read', 'tickets:write', 'notes:read', 'notes:write', 'users:read', 'users:write', 'objects:read', 'objects:write'];
  v_problems text[] := api._unknown_keys(p_body, array['name', 'scopes', 'team_ids', 'rate_limit', 'expires_at']) || api._text_problems(p_body, array['name']);
  v_prefix text := encode(substring(sha256(gen_random_uuid()::text::bytea) for 4), 'hex');
  v_key text := 'ak_' || v_prefix || '_' || replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '');
  v_user bigint;
  v_id bigint;
begin
  perform api._need_admin('manage API keys');
  if coalesce(trim(p_body ->> 'name'), '') = '' then
    v_problems := v_problems || 'name: is required'::text;
  end if;
  if jsonb_typeof(p_body -> 'scopes') is distinct from 'array' or not (p_body -> 'scopes') <@ to_jsonb(v_scopes) then
    v_problems := v_problems || format('scopes: must be a list of %s', array_to_string(v_scopes, ', '));
  end if;
  v_problems := v_problems || api._most_problems(p_body, 'scopes', cardinality(v_scopes)) || api._most_problems(p_body, 'team_ids', 1000);
  v_problems := v_problems || api._check_times(p_body, array['expires_at']);
  if p_body ? 'team_ids' and p_body -> 'team_ids' <> 'null' and (
    jsonb_typeof(p_body -> 'team_ids') <> 'array'
    or exists (select from jsonb_array_elements(p_body -> 'team_ids') x where not exists (select from app.teams t where to_jsonb(t.id) = x))
  ) then
    v_problems := v_problems || 'team_ids: must be a list of ids of teams, or null for all'::text;
  end if;
  if p_body ? 'rate_limit' and p_body -> 'rate_limit' <> 'null' and not (
    p_body ->> 'rate_limit' ~ '^[0-9]{1,6}$' and (p_body ->> 'rate_limit')::integer > 0
  ) then
    v_problems := v_problems || 'rate_limit: must be requests a minute, from 1 to 999999, or null for the usual limit'::text;
  end if;
  if v_problems <> '{}' then
    perform api._refuse('This API key cannot be made', v_problems);
  end if;
  insert into app.users (role, name) values ('integration', left(p_body ->> 'name', 200)) returning id into v_user;
  insert into app.api_keys (name, prefix, hash, user_id, scopes, team_ids, rate_limit, created_by, expires_at)
  values (
    p_body ->> 'name', v_prefix, sha256(v_key::bytea), v_user,
    array(select jsonb_array_elements_text(p_body -> 'scopes')),
    case when jsonb_typeof(p_body -> 'team_ids') = 'array'
         then array(select x::bigint from jsonb_array_elements_text(p_body -> 'team_ids') x) end,
    (p_body ->> 'rate_limit')::integer, autocrm.actor_id(), api._instant(p_body ->> 'expires_at'))
  returning id into v_id;
  return api._get('api_keys', 'API key', v_id)::jsonb || jsonb_build_object('key', v_key);
end
$$;
comment on function api.create_api_key(jsonb) is
  'Makes a key for an integration and answers it as get_api_key does, with the key itself, this once, as key; a repetition by Idempotency-Key answers the same with key null. Keys: name, scopes (tickets:read, tickets:write, notes:read, notes:write, users:read, users:write, objects:read, objects:write), team_ids (null: all teams), rate_limit (requests a minute; null: the usual limit), expires_at. Admins only. TK403, TK422. Example: select api.create_api_key(''{"name": "Shop", "scopes": ["tickets:read", "tickets:write"], "rate_limit": 300}'')';

-- Definer: see create_api_key.
create function api.delete_api_key(p_id bigint, p_version bigint default null)
  returns json
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform api._need_admin('manage API keys');
  perform api._check_version(p_version, (api._get('api_keys', 'API key', p_id) ->> 'version')::bigint, api._get('api_keys', 'API key', p_id));
  update app.api_keys set revoked_at = coalesce(revoked_at, autocrm.now()) where id = p_id;
  return api._get('api_keys', 'API key', p_id);
end
$$;
comment on function api.delete_api_key(bigint, bigint) is
  'Revokes a key at once and answers it with revoked_at; its row stays for the audit. Admins only. TK403, TK404, TK409 with the current key in DETAIL when p_version is not its version. Example: select api.delete_api_key(1)';
