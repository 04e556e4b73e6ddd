-- Errors for the caller: message, every problem, and a hint (SQLSTATEs: sql/README.md).

-- Raises TK422 with every problem of an input, one "path: message" a line.
create function api._refuse(p_message text, p_problems text[])
  returns void
  language plpgsql immutable
  set search_path = ''
as $$
begin
  raise exception using
    errcode = 'TK422',
    message = p_message,
    detail = array_to_string(p_problems, e'\n'),
    hint = 'Correct each value and send the request again; nothing was saved.';
end
$$;

create function api._not_found(p_what text, p_id bigint)
  returns void
  language plpgsql immutable
  set search_path = ''
as $$
begin
  raise exception using
    errcode = 'TK404',
    message = format('There is no %s %s that you can see', p_what, p_id),
    hint = 'Check the id; it may have been removed, or belong to a team that you are not in.';
end
$$;

-- Raises TK409 with the resource as it is now in DETAIL, when p_version is given and no longer the current one.
create function api._check_version(p_version bigint, p_current bigint, p_resource json)
  returns void
  language plpgsql immutable
  set search_path = ''
as $$
begin
  -- If-Match may name several versions.
  if p_version is not null and p_version <> p_current
     and not coalesce(p_current = any (nullif(current_setting('request.if_match', true), '')::bigint[]), false) then
    raise exception using
      errcode = 'TK409',
      message = format('Somebody changed this meanwhile: you saw version %s, it is at version %s now', p_version, p_current),
      detail = p_resource::text,
      hint = format('Look at the current state, then repeat your change with version %s.', p_current);
  end if;
end
$$;

-- The problem of a malformed version in p_body.
create function api._version_problems(p_body jsonb)
  returns text[]
  language plpgsql immutable
  set search_path = ''
as $$
begin
  if p_body ? 'version' and not coalesce(p_body ->> 'version', '') ~ '^[0-9]{1,18}$' then
    return array['version: must be the version that you saw, a whole number'];
  end if;
  return '{}';
end
$$;
