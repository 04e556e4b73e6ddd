-- The outbox of e-mail. Rows are made by whatever makes what they tell of, in its transaction. A worker takes one
-- (app.take_mail), sends it, and notes the answer (app.finish_mail). Between the two no lock is held: a row taken is
-- out of sight for a lease, and comes back when the worker died. So a mail goes out at least once, and twice only if
-- the worker ended between the receiver's answer and its note; the Message-ID is the same then.
-- Another kind of mail is another value of app.mail_kind and another branch in app.compose_mail.
create trigger tg_digest_preferences__500_audit after insert or update or delete on app.digest_preferences
  for each row execute function autocrm.tg_audit('user_id');

grant select on app.mail_outbox to autocrm_admin;
create policy admins_read_the_outbox on app.mail_outbox
  for select to autocrm_admin
  using ((select autocrm.actor_role()) = 'admin');

grant select on app.digest_preferences to autocrm_admin, autocrm_agent;
select app._grant_columns('{insert, update}', 'digest_preferences', 'autocrm_admin, autocrm_agent');
-- Keys ask as people do, and by no policy have any.
grant select on app.digest_preferences to autocrm_integration;
create policy people_choose_their_digest on app.digest_preferences
  for all to autocrm_admin, autocrm_agent
  using (user_id = (select autocrm.actor_id()))
  with check (user_id = (select autocrm.actor_id()));

-- Delivery of a kind of notification that its recipient has not chosen.
create function app.default_delivery(p_kind app.notification_kind)
  returns app.notification_delivery
  language sql immutable
  set search_path = ''
as $$
  select case p_kind when 'team_unassigned' then 'off' else 'in_app' end::app.notification_delivery
$$;
grant execute on function app.default_delivery(app.notification_kind) to autocrm_admin, autocrm_agent, autocrm_integration;

-- When the digest that gathers now is due: the next full hour, or the next time it is that hour where the person is.
create function app.next_digest(p_user_id bigint)
  returns timestamptz
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_now timestamptz := autocrm.now();
  v_every app.digest_period;
  v_hour integer;
  v_zone text;
  v_local timestamp;
begin
  select coalesce(d.every, 'daily'), coalesce(d.hour, 8), u.time_zone into v_every, v_hour, v_zone
    from app.users u left join app.digest_preferences d on d.user_id = u.id
   where u.id = p_user_id;
  if v_every = 'hourly' then
    return date_trunc('hour', v_now, 'UTC') + interval '1 hour';
  end if;
  begin
    v_local := v_now at time zone v_zone;
  exception when invalid_parameter_value then
    v_zone := 'UTC';
    v_local := v_now at time zone v_zone;
  end;
  v_local := date_trunc('day', v_local) + make_interval(hours => v_hour);
  if v_local at time zone v_zone <= v_now then
    v_local := v_local + interval '1 day';
  end if;
  return v_local at time zone v_zone;
end
$$;

-- The digest of this person that gathers: one at most. One that a worker has taken gathers no more.
create function app.gathering_digest(p_user_id bigint)
  returns bigint
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_id bigint;
  v_due timestamptz;
begin
  select m.id into v_id from app.mail_outbox m
   where m.user_id = p_user_id and m.kind = 'digest' and m.state = 'waiting' and m.attempts = 0
   order by m.id limit 1 for update;
  if not found then
    v_due := app.next_digest(p_user_id);
    -- Two may come at the same time, when somebody moved theirs forth and back: the one before tells them apart.
    insert into app.mail_outbox (kind, dedupe_key, user_id, not_before, created_at)
    select 'digest', format('digest:%s:%s:%s', p_user_id, extract(epoch from v_due)::bigint, coalesce(max(m.id), 0)), p_user_id, v_due, autocrm.now()
      from app.mail_outbox m where m.user_id = p_user_id and m.kind = 'digest'
    returning id into v_id;
  end if;
  return v_id;
end
$$;

-- Whoever wants it at another time need not wait for the old one. Definer: nobody writes to the outbox.
create function app.tg_digest_preferences__move()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  update app.mail_outbox m
     set not_before = app.next_digest(new.user_id)
   where m.user_id = new.user_id and m.kind = 'digest' and m.state = 'waiting' and m.attempts = 0;
  return null;
end
$$;
create trigger tg_digest_preferences__600_move after insert or update on app.digest_preferences
  for each row execute function app.tg_digest_preferences__move();

-- What a mail says to its recipient now, grouped by ticket: what is still unread, of what they can still see and
-- still want by e-mail. NULL when that is nothing. Only staff see tickets by app.sees_ticket, and staff read notes.
create function app.compose_mail(p_mail app.mail_outbox)
  returns json
  language sql stable
  set search_path = pg_catalog, pg_temp
as $$
  with told as (
    select n.id, n.ticket_id, t.subject,
           json_build_object(
             'kind', n.kind, 'at', n.at, 'actor', (select a.name from app.users a where a.id = n.actor_id),
             'message_kind', m.kind, 'text', left(case when m.quote_from is null then m.body_text else left(m.body_text, m.quote_from) end, 5000)) as item
      from app.notifications n
      join app.tickets t on t.id = n.ticket_id and t.deleted_at is null
      left join app.messages m on m.id = n.message_id and m.kind in ('reply', 'note')
      left join app.notification_preferences p on p.user_id = n.user_id and p.kind = n.kind
     where n.mail_id = p_mail.id and n.user_id = p_mail.user_id and n.read_at is null
       and coalesce(p.delivery, app.default_delivery(n.kind)) in ('email', 'digest')
       and app.sees_ticket(n.user_id, n.ticket_id)
     order by n.id
     limit 200
  ), grouped as (
    select g.ticket_id, min(g.id) as first, json_build_object('id', g.ticket_id, 'subject', g.subject, 'items', json_agg(g.item order by g.id)) as ticket
      from told g
     group by g.ticket_id, g.subject
  )
  select json_build_object(
           'id', p_mail.id, 'attempt', p_mail.attempts + 1, 'kind', p_mail.kind, 'token', p_mail.token,
           'name', u.name, 'email', u.email,
           'tickets', (select json_agg(g.ticket order by g.first) from grouped g))
    from app.users u
   where u.id = p_mail.user_id and u.email is not null and u.active and exists (select from grouped)
$$;

-- The next mail that is due, and what it says; NULL when none is.
create function app.take_mail()
  returns json
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_mail app.mail_outbox;
  v_said json;
  v_message text;
begin
  for i in 1 .. 100 loop
    select * into v_mail from app.mail_outbox m
     where m.state = 'waiting' and m.not_before <= autocrm.now()
     order by m.not_before, m.id limit 1 for update skip locked;
    if not found then
      return null;
    end if;
    if v_mail.attempts >= 12 then
      -- Whoever tried last never came back.
      update app.mail_outbox m
         set state = 'failed', finished_at = autocrm.now(), error = coalesce(m.error, 'the worker ended while it sent this')
       where m.id = v_mail.id;
      continue;
    end if;
    begin
      v_said := app.compose_mail(v_mail);
    exception when others then
      if app.passes(sqlstate) then
        raise;
      end if;
      get stacked diagnostics v_message = message_text;
      -- As one that was not taken: tried again later, and told in the outbox.
      update app.mail_outbox m set attempts = m.attempts + 1 where m.id = v_mail.id;
      perform app.finish_mail(v_mail.id, v_mail.attempts + 1, v_message, false);
      continue;
    end;
    if v_said is not null then
      -- The lease: longer than a worker ever tries.
      update app.mail_outbox m
         set attempts = m.attempts + 1, not_before = autocrm.now() + interval '3 minutes'
       where m.id = v_mail.id;
      return v_said;
    end if;
    update app.mail_outbox m set state = 'dropped', finished_at = autocrm.now() where m.id = v_mail.id;
  end loop;
  return null;
end
$$;

-- Notes what became of an attempt: no error, it is sent; else it is tried again later, twelve times in some twelve
-- hours, or never when that would not help. A late word of an attempt that has lost its lease changes nothing,
-- unless it is that the mail is out.
create function app.finish_mail(p_id bigint, p_attempt integer, p_error text, p_final boolean)
  returns app.mail_state
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_state app.mail_state;
begin
  update app.mail_outbox m
     set state = s.state,
         error = left(p_error, 500),
         finished_at = case when s.state <> 'waiting' then autocrm.now() end,
         -- With jitter, so that what failed together does not come back together.
         not_before = autocrm.now() + least(interval '30 seconds' * 2 ^ (m.attempts - 1), interval '4 hours') * (0.75 + random() / 2)
    from (select case when p_error is null then 'sent' when p_final or p_attempt >= 12 then 'failed' else 'waiting' end::app.mail_state) s (state)
   where m.id = p_id and m.state <> 'sent' and (p_error is null or m.state = 'waiting' and m.attempts = p_attempt)
  returning m.state into v_state;
  return v_state;
end
$$;

-- What was read long ago goes, some at a time; so do notes of mails. A mail that nobody has sent for days is no news.
create function app.sweep_notifications(p_most integer)
  returns integer
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_before timestamptz := (select autocrm.now() - make_interval(days => s.notification_days) from app.settings s);
  v_count integer;
begin
  delete from app.notifications n
   where n.id in (select o.id from app.notifications o where o.read_at < v_before order by o.read_at limit p_most for update skip locked);
  get diagnostics v_count = row_count;
  delete from app.mail_outbox m
   where m.id in (select o.id from app.mail_outbox o where o.finished_at < v_before order by o.finished_at limit p_most for update skip locked);
  update app.mail_outbox m
     set state = 'failed', finished_at = autocrm.now(),
         error = coalesce(m.error, 'nobody sent this for three days; does a worker run with AUTOCRM_SMTP_URL?')
   where m.id in (select o.id from app.mail_outbox o
                   where o.state = 'waiting' and o.not_before < autocrm.now() - interval '3 days'
                   order by o.not_before limit p_most for update skip locked);
  return v_count;
end
$$;
