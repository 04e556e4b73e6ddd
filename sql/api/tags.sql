-- Tags of tickets, their list open or closed, and merging two of them.
create view api.tags with (security_invoker = true) as
select t.id, t.version, t.name, t.color,
       -- For those who see all tickets.
       case when (select autocrm.actor_sees_all() and autocrm.actor_has_scope('tickets:read'))
            then (select coalesce(sum(c.tickets), 0)::bigint from app.tag_counts c where c.tag_id = t.id) end as tickets,
       t.created_at, t.updated_at
  from app.tags t;
comment on view api.tags is 'Tags of tickets.';

select api._define_resource('tags', 'tag',
  p_filters => '{name}', p_search => '{name}', p_sorts => '{name,-created_at}',
  p_keys => '{name,color}',
  p_about => 'name (no blanks or commas, at most 80 characters), color (#rrggbb)',
  p_create => '{"name": "gift-card", "color": "#336699"}',
  p_update => '{"color": "#aa3311"}',
  p_deleting => 'TK409 when it is stale or on tickets (see merge_tags).');

-- Definer: rules, views and macros, private ones too, name the other tag from now on. For administrators; others change nothing.
create function api._follow_tag(p_from bigint, p_to bigint)
  returns void
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  if autocrm.actor_role() = 'admin' then
    perform app.follow_name('tag', f.name, t.name) from app.tags f, app.tags t where f.id = p_from and t.id = p_to;
  end if;
end
$$;

create function api.merge_tags(p_id bigint, p_body jsonb)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_problems text[] := api._unknown_keys(p_body, array['into']);
  v_into bigint;
begin
  if not coalesce(jsonb_typeof(p_body -> 'into') = 'number' and p_body ->> 'into' ~ '^[0-9]{1,18}$' and (p_body ->> 'into')::bigint <> p_id, false) then
    v_problems := v_problems || 'into: must be the id of another tag'::text;
  end if;
  if v_problems <> '{}' then
    perform api._refuse('These tags cannot be merged', v_problems);
  end if;
  v_into := (p_body ->> 'into')::bigint;
  perform api._get('tags', 'tag', p_id), api._get('tags', 'tag', v_into);
  update app.tickets
     set tag_ids = array(select distinct case x when p_id then v_into else x end from unnest(tag_ids) x order by 1)
   where tag_ids @> array[p_id];
  perform api._follow_tag(p_id, v_into);
  delete from app.tags where id = p_id;
  -- Without the right to remove it, the tickets keep what they had too.
  if not found then
    raise exception using errcode = 'TK403', message = 'Only administrators merge tags', hint = 'Ask an administrator.';
  end if;
  return api._get('tags', 'tag', v_into);
end
$$;
comment on function api.merge_tags(bigint, jsonb) is
  'Gives every ticket of this tag the tag {"into": id} instead, in rules, views and macros too, and removes this one; answers the other as get_tag does. TK403, TK404, TK422. Example: select api.merge_tags(99, ''{"into": 1}'')';

create function api.get_tag_settings()
  returns json
  language sql stable
  set search_path = ''
as $$
  select json_build_object('version', s.version, 'closed', s.closed, 'updated_at', s.updated_at) from app.tag_settings s
$$;
comment on function api.get_tag_settings() is
  'Whether tags are created on use, or only by administrators: {version, closed, updated_at}. Example: select api.get_tag_settings()';

create function api.update_tag_settings(p_body jsonb, p_version bigint default null)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_problems text[] := api._unknown_keys(p_body, array['closed', 'version']) || api._version_problems(p_body);
begin
  if p_body - 'version' <> '{}' and jsonb_typeof(p_body -> 'closed') is distinct from 'boolean' then
    v_problems := v_problems || 'closed: must be true or false'::text;
  end if;
  if v_problems <> '{}' then
    perform api._refuse('This cannot be changed like this', v_problems);
  end if;
  perform api._check_version(coalesce(p_version, (p_body ->> 'version')::bigint), s.version, api.get_tag_settings()) from app.tag_settings s;
  if not p_body ? 'closed' then
    return api.get_tag_settings();
  end if;
  update app.tag_settings set closed = (p_body ->> 'closed')::boolean;
  if not found then
    raise exception using errcode = 'TK403', message = 'Only administrators say who makes tags', hint = 'Ask an administrator.';
  end if;
  return api.get_tag_settings();
end
$$;
comment on function api.update_tag_settings(jsonb, bigint) is
  'Opens or closes the list of tags, and answers as get_tag_settings does. Key: closed (true: only administrators create tags). Admins only. TK403, TK409 with the current settings in DETAIL when p_version is not their version, TK422. Example: select api.update_tag_settings(''{"closed": true}'')';
