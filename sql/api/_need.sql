-- Checks of the caller's role and scopes, with a reason that row-level security could not give.

create function api._need_admin(p_what text)
  returns void
  language plpgsql stable
  set search_path = ''
as $$
begin
  if autocrm.actor_role() is distinct from 'admin' then
    raise exception using errcode = 'TK403', message = format('Only administrators %s', p_what), hint = 'Ask an administrator.';
  end if;
end
$$;

-- For functions that trust their arguments: only the API may call them, nobody at a SQL prompt.
create function api._need_api(p_what text)
  returns void
  language plpgsql stable
  set search_path = ''
as $$
begin
  if autocrm.at_prompt() then
    raise exception using errcode = 'TK403', message = format('%s by the API, not at a SQL prompt', p_what),
      hint = 'Send the request to the API, or write the rows themselves.';
  end if;
end
$$;

-- TK403 with the scope that a key lacks, where row-level security would only find no row.
create function api._need_scope(p_scope text)
  returns void
  language plpgsql stable
  set search_path = ''
as $$
begin
  if not autocrm.actor_has_scope(p_scope) then
    raise exception using
      errcode = 'TK403',
      message = format('This API key lacks the scope %s', p_scope),
      hint = 'Ask an administrator for a key with that scope.';
  end if;
end
$$;

-- A key without any scope may call get_me and nothing else. Called with the identity of each request; which rows a key
-- with some scope reads is up to the policies.
create function api._need_any_scope()
  returns void
  language plpgsql stable
  set search_path = ''
as $$
begin
  if not app.has_some_scope() then
    raise exception using
      errcode = 'TK403',
      message = 'This API key has no scope',
      hint = 'Ask an administrator for a key with the scopes that this needs, such as tickets:read.';
  end if;
end
$$;
