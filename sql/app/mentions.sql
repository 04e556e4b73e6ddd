-- Mentions of users and teams in messages, and the followers that they become.

create trigger tg_mentions__500_record after insert or update or delete on app.mentions
  for each row execute function autocrm.tg_mentions__record();
grant select on app.mentions to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst;
grant insert (message_id, message_at, ticket_id, user_id, team_id, notified) on app.mentions to autocrm_admin, autocrm_agent, autocrm_integration;

-- The sub-select runs under the reader's own view of app.messages: a note's mentions are as internal as it.
create policy readers_of_a_message_read_its_mentions on app.mentions
  for select to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst
  using (exists (select from app.messages m where m.id = message_id and m.created_at = message_at));
create policy authors_mention_who_sees_the_ticket on app.mentions
  for insert to autocrm_admin, autocrm_agent, autocrm_integration
  with check (
    exists (
      select from app.messages m
       where m.id = message_id and m.created_at = message_at and m.ticket_id = mentions.ticket_id
         and m.author_id = (select autocrm.actor_id()))
    and notified = app.sees_ticket(user_id, ticket_id)
    and (notified or team_id is not null));

-- Mentions one user or every member of a team, who follow the ticket from then on. A user who cannot see the ticket is
-- refused; members of a team who cannot see it are recorded as not notified. Answers the problem, or NULL.
create function app.mention(p_message_id bigint, p_message_at timestamptz, p_ticket_id bigint, p_user_id bigint, p_team_id bigint)
  returns text
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_name text;
begin
  if p_team_id is not null then
    select name into v_name from app.teams where id = p_team_id and active;
    if v_name is null then
      return format('there is no team %s', p_team_id);
    end if;
    if not exists (select from app.memberships m where m.team_id = p_team_id and app.sees_ticket(m.user_id, p_ticket_id)) then
      return format('nobody of the team %s can see this ticket; move the ticket to a team of theirs first', v_name);
    end if;
  else
    select name into v_name from app.users where id = p_user_id and active and role in ('admin', 'agent');
    if v_name is null then
      return format('there is no agent %s', p_user_id);
    end if;
    if not app.sees_ticket(p_user_id, p_ticket_id) then
      return format('%s cannot see this ticket; move it to a team of theirs first, or mention somebody who can', v_name);
    end if;
  end if;
  insert into app.mentions (message_id, message_at, ticket_id, user_id, team_id, notified)
  select p_message_id, p_message_at, p_ticket_id, u.id, p_team_id, app.sees_ticket(u.id, p_ticket_id)
    from app.users u
   where u.active and u.role in ('admin', 'agent') and (
         u.id = p_user_id or exists (select from app.memberships m where m.user_id = u.id and m.team_id = p_team_id))
   order by u.id
  on conflict (message_id, user_id) do nothing;
  insert into app.followers (ticket_id, user_id, added_by)
  select p_ticket_id, m.user_id, autocrm.actor_id()
    from app.mentions m
   where m.message_id = p_message_id and m.notified
   order by m.user_id
  on conflict (ticket_id, user_id) do nothing;
  return null;
end
$$;
comment on function app.mention(bigint, timestamptz, bigint, bigint, bigint) is 'Mentions a user or a team in a message; answers what is wrong, or NULL.';
grant execute on function app.mention(bigint, timestamptz, bigint, bigint, bigint) to autocrm_admin, autocrm_agent, autocrm_integration;

-- Messages of staff mention the users and teams that their HTML names, by whichever way they were written; those of
-- customers mention nobody.
create function app.tg_messages__mention()
  returns trigger
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_who text;
  v_problem text;
  v_problems text[] := '{}';
begin
  if coalesce(autocrm.actor_role(), '') not in ('admin', 'agent') or new.author_id is distinct from autocrm.actor_id() or autocrm.archives() then
    return null;
  end if;
  foreach v_who in array autocrm.html_mentions(new.body_html)
  loop
    v_problem := app.mention(new.id, new.created_at, new.ticket_id,
      case when v_who like 'user:%' then substr(v_who, 6)::bigint end, case when v_who like 'team:%' then substr(v_who, 6)::bigint end);
    if v_problem is not null then
      v_problems := v_problems || format('body_html: %s', v_problem);
    end if;
  end loop;
  if v_problems <> '{}' then
    raise exception using
      errcode = 'TK422', message = 'The message cannot be sent as it is', detail = array_to_string(v_problems, e'\n'),
      hint = 'Take the mention out, or let them see the ticket first.';
  end if;
  return null;
end
$$;
create trigger tg_messages__600_mention after insert or update of body_html on app.messages
  for each row when (new.body_html like '%data-mention=%')
  execute function app.tg_messages__mention();
