-- The demo desk: people, teams, skills, rules, fields and a few hundred lively tickets. Deterministic:
-- every choice comes from the number of the row. The password's hash is in autocrm.seed_password.

insert into app.teams (name, color, description) values
  ('Billing', '#b8860b', 'Invoices, plans and refunds'),
  ('Identity', '#4f86d9', 'Log-in, SSO and two-factor codes'),
  ('Platform', '#0fa3a3', 'API, webhooks and exports'),
  ('Payments', '#4caf7a', 'Cards and payouts'),
  ('Logistics', '#c9725b', 'Parcels and deliveries'),
  ('Privacy', '#a884cf', 'Data protection requests');

insert into app.users (role, name, email, ticket_access, availability, capacity, time_zone) values
  ('admin', 'Noor Haddad', 'admin@demo.test', 'all', 'online', 0, 'Europe/Berlin'),
  ('agent', 'Maya Okafor', 'maya@demo.test', 'all', 'online', 60, 'Europe/Berlin'),
  ('agent', 'Tomás Herrera', 'tomas@demo.test', 'all', 'online', 60, 'Europe/Madrid'),
  ('agent', 'Priya Raman', 'priya@demo.test', 'all', 'online', 60, 'Asia/Kolkata'),
  ('agent', 'Jonas Lindqvist', 'jonas@demo.test', 'teams', 'online', 60, 'Europe/Stockholm'),
  ('agent', 'Aiko Tanaka', 'aiko@demo.test', 'teams', 'away', 60, 'Asia/Tokyo'),
  ('agent', 'Sofia Weiss', 'sofia@demo.test', 'teams', 'online', 60, 'Europe/Vienna'),
  ('agent', 'Lena Grant', 'lena@demo.test', 'teams', 'online', 60, 'America/New_York'),
  ('agent', 'Nils Hauge', 'nils@demo.test', 'teams', 'offline', 60, 'Europe/Oslo');

insert into app.passwords (user_id, argon2)
select id, current_setting('autocrm.seed_password') from app.users where email like '%@demo.test';

insert into app.memberships (team_id, user_id, lead)
select t.id, u.id, m.lead
  from (values
    ('Billing', 'maya', true), ('Billing', 'tomas', false), ('Identity', 'priya', true), ('Identity', 'jonas', false),
    ('Platform', 'tomas', true), ('Platform', 'sofia', false), ('Payments', 'lena', true), ('Payments', 'maya', false),
    ('Logistics', 'sofia', true), ('Logistics', 'nils', false), ('Privacy', 'aiko', true), ('Privacy', 'jonas', false)
  ) as m (team, who, lead)
  join app.teams t on t.name = m.team
  join app.users u on u.email = m.who || '@demo.test';

insert into app.skills (name, description) values
  ('german', 'Answers in German'), ('api', 'Reads traces and payloads'), ('gdpr', 'Data protection law');
insert into app.agent_skills (user_id, skill_id, level)
select u.id, s.id, k.level
  from (values ('maya', 'german', 4), ('sofia', 'german', 5), ('tomas', 'api', 5), ('sofia', 'api', 3), ('aiko', 'gdpr', 5), ('jonas', 'gdpr', 3))
       as k (who, skill, level)
  join app.users u on u.email = k.who || '@demo.test'
  join app.skills s on s.name = k.skill;

insert into app.custom_fields (key, label, type, config, required_on_solve, position, description) values
  ('product_area', 'Product area', 'dropdown',
   '{"options": [{"value": "invoicing", "label": "Invoicing"}, {"value": "login", "label": "Log-in"}, {"value": "api", "label": "API"}, {"value": "mobile", "label": "Mobile app"}, {"value": "shipping", "label": "Shipping"}]}',
   false, 1, 'Which part of the product it is about'),
  ('contract_ref', 'Contract ref', 'regex', '{"pattern": "[A-Z]{3}-[0-9]{4}-[0-9]{3}"}', false, 2, 'As printed on the contract, such as MSA-2024-118'),
  ('affected_users', 'Affected users', 'integer', '{"min": 0, "max": 100000}', false, 3, 'How many people cannot work'),
  ('callback', 'Call back', 'boolean', '{}', false, 4, 'Wants to be called');

insert into app.routing_rules (position, name, conditions, actions) values
  (10, 'Privacy requests', '{"any": [{"field": "subject", "op": "contains", "value": "personal data"}, {"field": "subject", "op": "contains_word", "value": ["gdpr", "residency"]}]}',
   '[{"set": "team", "value": "Privacy"}, {"set": "priority", "value": "high"}, {"add_tags": ["gdpr"]}]'),
  (20, 'Billing keywords', '{"any": [{"field": "subject", "op": "contains_word", "value": ["invoice", "refund", "billed", "upgrade", "plan"]}]}',
   '[{"set": "team", "value": "Billing"}, {"set": "custom.product_area", "value": "invoicing"}, {"add_tags": ["billing"]}]'),
  (30, 'Cannot log in', '{"any": [{"field": "subject", "op": "contains_word", "value": ["two-factor", "sso", "login", "password", "locked"]}]}',
   '[{"set": "team", "value": "Identity"}, {"set": "custom.product_area", "value": "login"}, {"add_tags": ["login"]}]'),
  (40, 'Parcels', '{"any": [{"field": "subject", "op": "contains_word", "value": ["parcel", "delivery", "address"]}]}',
   '[{"set": "team", "value": "Logistics"}, {"set": "custom.product_area", "value": "shipping"}, {"add_tags": ["shipping"]}]'),
  (50, 'Cards', '{"any": [{"field": "subject", "op": "contains_word", "value": ["card", "payout", "payment"]}]}',
   '[{"set": "team", "value": "Payments"}, {"add_tags": ["payments"]}]'),
  (60, 'Integrations', '{"any": [{"field": "subject", "op": "contains_word", "value": ["webhook", "webhooks", "api", "export", "keys", "import"]}]}',
   '[{"set": "team", "value": "Platform"}, {"set": "custom.product_area", "value": "api"}, {"add_tags": ["api"]}]'),
  (70, 'Phone is urgent', '{"all": [{"field": "channel", "op": "is", "value": "phone"}, {"field": "subject", "op": "contains_word", "value": ["crashes", "outage", "down"]}]}',
   '[{"set": "priority", "value": "urgent"}]');

insert into app.organizations (name, domains)
select n, array[lower(replace(n, ' ', '')) || '.example']
  from unnest(array['Cobalt Robotics', 'Northwind Foods', 'Atlas Logistics', 'Brightwater Clinics', 'Juniper Legal', 'Saltbox Foods',
                    'Orchard Pay', 'Halcyon Labs', 'Tidewater Studio', 'Meridian Energy', 'Foxglove Books', 'Quarry Games']) n;

insert into app.users (role, name, email, organization_id)
select 'customer', f || ' ' || l, lower(f || '.' || l) || '@' || o.domains[1], o.id
  from generate_series(1, 48) i
 cross join lateral (select (array['Elena', 'Carmen', 'Viktor', 'Anders', 'Kenji', 'Lucia', 'Ines', 'Zainab', 'Pierre', 'Naomi', 'Yusuf', 'Ruth'])[1 + i % 12] as f,
                            (array['Kowalski', 'Nwosu', 'Brandt', 'Byrne', 'Adeyemi', 'Petrov', 'Rossi', 'Hale'])[1 + (i * 5 + i / 12) % 8] as l) n
 join app.organizations o on o.id = 1 + i % 12
on conflict do nothing;

do $$
declare
  v_subjects constant text[] := array[
    'Sandbox keys work in production?', 'Mobile app crashes when opening attachments', 'Two-factor code never arrives',
    'Webhook deliveries delayed by 20+ minutes', 'Cannot export report as CSV', 'Question about data residency in the EU',
    'Upgrade from Team to Scale mid-cycle', 'Please delete my account and personal data', 'Parcel marked delivered but never arrived',
    'Refund for a duplicate order', 'Invoice shows tax twice for the same item', 'SSO login loops back to the start',
    'Card declined although the bank says it is fine', 'Change the delivery address for today', 'Bulk import stops at row 1,204',
    'Seats removed but still billed', 'API returns 429 although we are below the limit', 'Dark mode hides the save button'];
  v_bodies constant text[] := array[
    'We noticed that a test key can read live orders. Is this meant to be so? We have paused our roll-out until we know.',
    'Version 6.2.1 on Android. It closes as soon as I tap a picture; text attachments are fine. Happy to send a log.',
    'I am locked out, the SMS does not come although the number is right. The back-up codes are on the laptop I cannot open.',
    'Our order.created events arrive twenty minutes late since this morning. Nothing changed on our side.',
    'The download button spins and then nothing happens. Smaller reports work. We need it for month-end close.',
    'Legal needs to know where backups are kept and for how long. A short statement would do.'];
  v_replies constant text[] := array[
    'Thanks for the clear report, and sorry for the trouble. I can see the problem on our side and have asked the team to confirm the cause. You don''t need to change anything for now.',
    'I have looked at your account: everything is in order again. Could you try once more and tell me if it works?',
    'Good question. The short answer is yes; the long one is in the document I will send you this afternoon.'];
  v_notes constant text[] := array[
    'I can reproduce this on staging with the same settings. Looks like the change from Tuesday; rollback is ready if you want it.',
    'Third report this week. Keeping an eye on it.'];
  v_customers bigint[] := array(select id from app.users where role = 'customer' order by id);
  v_agents bigint[] := array(select id from app.users where role = 'agent' order by id);
  v_ticket bigint;
  v_at timestamptz;
  v_start timestamptz := date_trunc('minute', now());
  v_requester bigint;
  v_agent bigint;
  i integer;
begin
  for i in 1 .. 420
  loop
    -- The newest are minutes old, the oldest two weeks.
    v_at := v_start - make_interval(secs => 90 + (421 - i) ^ 1.85 * 17);
    v_requester := v_customers[1 + (i * 7) % array_length(v_customers, 1)];
    perform set_config('autocrm.now', v_at::text, true);
    v_ticket := (api.create_ticket(jsonb_build_object(
      'subject', v_subjects[1 + (i * 5 + i / 18) % 18],
      'description', v_bodies[1 + (i * 5 + i / 18) % 6],
      'requester_id', v_requester,
      'channel', (array['email', 'email', 'web', 'chat', 'phone', 'api'])[1 + i % 6],
      'type', (array['question', 'incident', 'problem', 'task'])[1 + i % 4])
      || case when i % 9 = 0 then '{"priority": "urgent"}' when i % 5 = 0 then '{"priority": "high"}' when i % 7 = 0 then '{"priority": "low"}' else '{}' end::jsonb
      || case when i % 4 = 0 then jsonb_build_object('tags', array[(array['vip', 'crash', 'mobile', 'legal', 'bug'])[1 + i / 4 % 5]]) else '{}' end
    ) ->> 'id')::bigint;
    if i % 4 <> 3 then
      select coalesce(assignee_id, v_agents[1 + i % 8]) into v_agent from app.tickets where id = v_ticket;
      v_at := v_at + make_interval(secs => least(600 + i * 3, extract(epoch from v_start - v_at) * 0.4));
      perform set_config('autocrm.now', v_at::text, true);
      insert into app.messages (ticket_id, kind, author_id, body_text)
      values (v_ticket, 'reply', v_agent, v_replies[1 + i % 3]);
      update app.tickets set status_id = (
          select id from app.statuses where key = (array['open', 'pending', 'solved', 'open', 'on_hold', 'solved', 'pending', 'closed'])[1 + i % 8])
       where id = v_ticket;
      if i % 5 = 0 then
        insert into app.messages (ticket_id, kind, author_id, body_text)
        values (v_ticket, 'note', v_agents[1 + (i + 3) % 8], v_notes[1 + i % 2]);
      end if;
      if i % 6 = 1 then
        v_at := v_at + (v_start - v_at) * 0.5;
        perform set_config('autocrm.now', v_at::text, true);
        insert into app.messages (ticket_id, kind, author_id, body_text)
        values (v_ticket, 'reply', v_requester, 'Appreciate the quick answer! Could you also tell me whether the entries from this morning are affected?');
      end if;
    end if;
  end loop;
  perform set_config('autocrm.now', '', true);
end
$$;
