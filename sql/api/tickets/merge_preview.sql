-- What a merge would do, found out by doing it and rolling back.

-- Messages as one list, the newest p_most, each with the ticket that it came with.
create function api._joined_messages(p_id bigint, p_most integer)
  returns json
  language sql stable
  set search_path = ''
as $$
  select coalesce(json_agg(json_build_object(
           'id', m.id, 'ticket_id', m.ticket_id, 'at', m.created_at, 'message_kind', m.kind, 'author', m.author, 'channel', m.channel,
           'text', left(case when m.quote_from is not null then left(m.body_text, m.quote_from) else m.body_text end, 280),
           'quotes', m.quote_from is not null, 'attachments', json_array_length(m.attachments)) order by m.created_at, m.id), '[]')
    from (select m.* from api.messages m
           where m.ticket_id = any (app._conversation(p_id)) and m.kind <> 'system'
           order by m.created_at desc, m.id desc limit p_most) m
$$;

create function api.preview_merge(p_id bigint, p_body jsonb)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_problems text[] := api._unknown_keys(p_body, array['tickets']);
  v_ids bigint[];
  v_id bigint;
  v_before bigint[];
  v_answer jsonb;
begin
  perform api._need_scope('tickets:write');
  perform api._need_ticket(p_id);
  if jsonb_typeof(p_body -> 'tickets') is distinct from 'array' or jsonb_array_length(p_body -> 'tickets') not between 1 and 50
     or exists (select from jsonb_array_elements(p_body -> 'tickets') e where e.value::text !~ '^[0-9]{1,18}$') then
    v_problems := v_problems || 'tickets: must be ids of tickets, at least one and at most 50'::text;
  elsif p_body -> 'tickets' @> to_jsonb(p_id) then
    v_problems := v_problems || 'tickets: must be other tickets than this one'::text;
  end if;
  if v_problems <> '{}' then
    perform api._refuse('These tickets cannot be merged', v_problems);
  end if;
  v_ids := array(select distinct e.value::text::bigint from jsonb_array_elements(p_body -> 'tickets') e order by 1);
  v_before := array(select f.user_id from app.followers f where f.ticket_id = p_id);
  -- Merged and rolled back, so that every check runs and nothing stays.
  begin
    v_answer := jsonb_build_object(
      'closes', '[]'::jsonb,
      'warnings', (
        select coalesce(jsonb_agg(jsonb_build_object('kind', 'other_organization', 'ticket_id', o.id, 'organization', g.name) order by o.id), '[]')
          from app.tickets t
          join app.tickets o on o.id = any (v_ids) and o.organization_id is distinct from t.organization_id
          left join app.organizations g on g.id = o.organization_id
         where t.id = p_id));
    foreach v_id in array v_ids
    loop
      v_answer := jsonb_set(v_answer, '{closes}', (v_answer -> 'closes') || (
        select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'subject', t.subject)), '[]') from app.tickets t where t.id = v_id));
      insert into app.ticket_links (kind, ticket_id, other_id) values ('merged', v_id, p_id);
    end loop;
    v_answer := v_answer || jsonb_build_object(
      'ticket', api.get_ticket(p_id)::jsonb,
      'messages', api._joined_messages(p_id, 60)::jsonb,
      'message_count', (select count(*) from app.messages m where m.ticket_id = any (app._conversation(p_id)) and m.kind <> 'system'),
      'followers', (
        select coalesce(jsonb_agg(jsonb_build_object('id', u.id, 'name', u.name, 'kind', f.kind, 'joins', f.user_id <> all (v_before)) order by u.name collate app.names, u.id), '[]')
          from app.followers f join app.users u on u.id = f.user_id where f.ticket_id = p_id));
    raise exception using errcode = 'TK299', message = 'undone';
  exception when sqlstate 'TK299' then
    null;
  end;
  return v_answer;
end
$$;
comment on function api.preview_merge(bigint, jsonb) is
  'What this ticket would be after {"tickets": [ids]} were merged into it, without merging them: {ticket, messages: the newest 60 of all, in their order, message_count, followers: [{id, name, kind, joins}], closes: [{id, subject}], warnings: [{kind: other_organization, ticket_id, organization}]}. The same refusals as merge_ticket. Example: select api.preview_merge(9, ''{"tickets": [7]}'')';
