-- The outbox of e-mail. A mail is enqueued in the transaction of the notification. A worker takes one (app.take_mail),
-- sends it, and records the result (app.finish_mail). No lock is held in between: a mail that was taken is leased, and due
-- again when the worker died. So each mail is sent at least once, and twice only if the worker died between the receiver's
-- answer and its record; the Message-ID is the same then. Another kind of mail needs another value of app.mail_kind and
-- another branch in app.compose_mail.

create trigger tg_digest_preferences__500_audit after insert or update or delete on app.digest_preferences
  for each row execute function autocrm.tg_audit('user_id');

grant select on app.mail_outbox to autocrm_admin;
create policy admins_read_the_outbox on app.mail_outbox
  for select to autocrm_admin
  using ((select autocrm.actor_role()) = 'admin');

grant select on app.digest_preferences to autocrm_admin, autocrm_agent;
select app._grant_columns('{insert, update}', 'digest_preferences', 'autocrm_admin, autocrm_agent');
-- Keys have the privilege, since they run the same queries, but no policy.
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

-- When the next digest is due: the next full hour, or the chosen hour in the recipient's time zone.
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

-- The digest of a user that collects notifications: one at most. Once a worker has taken it, it collects no more.
create function app.open_digest(p_user_id bigint)
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
    -- Two digests may fall on the same time, after the user changed it and back: the id of the previous one keeps the keys
    -- distinct.
    insert into app.mail_outbox (kind, dedupe_key, user_id, not_before, created_at)
    select 'digest', format('digest:%s:%s:%s', p_user_id, extract(epoch from v_due)::bigint, coalesce(max(m.id), 0)), p_user_id, v_due, autocrm.now()
      from app.mail_outbox m where m.user_id = p_user_id and m.kind = 'digest'
    returning id into v_id;
  end if;
  return v_id;
end
$$;

-- A change of the time applies to the digest that collects now. Definer: no role writes to the outbox.
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

-- The content of a mail now, grouped by ticket: notifications that are still unread, on tickets that the recipient still
-- sees, and still wanted by e-mail. NULL without any. Recipients are staff, who read notes.
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

-- Takes the next mail that is due, with its content; NULL when none is.
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
      -- The last worker that tried it died.
      update app.mail_outbox m
         set state = 'failed', finished_at = autocrm.now(), error = coalesce(m.error, 'the worker ended while it sent this')
       where m.id = v_mail.id;
      continue;
    end if;
    begin
      v_said := app.compose_mail(v_mail);
    exception when others then
      if app.is_transient(sqlstate) then
        raise;
      end if;
      get stacked diagnostics v_message = message_text;
      -- As a failed attempt: retried later, with the error in the outbox.
      update app.mail_outbox m set attempts = m.attempts + 1 where m.id = v_mail.id;
      perform app.finish_mail(v_mail.id, v_mail.attempts + 1, v_message, false);
      continue;
    end;
    if v_said is not null then
      -- The lease: longer than any attempt.
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

-- Records the result of an attempt: sent without an error; else retried, twelve times in about twelve hours, or failed when
-- the error is final. A result that comes after the lease expired is ignored, unless the mail was sent.
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
         -- With jitter, so that mails that failed together are not retried together.
         not_before = autocrm.now() + least(interval '30 seconds' * 2 ^ (m.attempts - 1), interval '4 hours') * (0.75 + random() / 2)
    from (select case when p_error is null then 'sent' when p_final or p_attempt >= 12 then 'failed' else 'waiting' end::app.mail_state) s (state)
   where m.id = p_id and m.state <> 'sent' and (p_error is null or m.state = 'waiting' and m.attempts = p_attempt)
  returning m.state into v_state;
  return v_state;
end
$$;

-- Deletes old notifications that were read, and finished mails, at most p_most at a time; fails mails that no worker
-- has sent for three days.
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
