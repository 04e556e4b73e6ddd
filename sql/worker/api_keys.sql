-- Use of an API key, noted before the key's caller is known.

-- Notes the use of a key, at most twice a minute and never on a standby, and answers its limit in requests a minute; NULL
-- for an unknown key, which the request itself refuses.
create function worker.use_api_key(p_hash text)
  returns integer
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_key app.api_keys;
begin
  select k.* into v_key from app.api_keys k where k.hash = decode(p_hash, 'hex') and k.revoked_at is null;
  if not found then
    return null;
  end if;
  if not pg_is_in_recovery() and coalesce(v_key.last_used_at < autocrm.now() - interval '30 seconds', true) then
    update app.api_keys set last_used_at = greatest(last_used_at, autocrm.now()) where id = v_key.id;
  end if;
  return coalesce(v_key.rate_limit, 1200);
end
$$;
