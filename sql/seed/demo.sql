-- The demo desk, made up by the project and the same each time. Run by `autocrm seed` as superuser, in one
-- transaction, on a desk without teams; the setting autocrm.seed_password holds the hash of everybody's password.
--
-- Nothing is written behind the rules' back: every step is taken by the person who would take it, at the
-- time it would happen (autocrm.now), so that routing, audit, events and timelines are real.

-- ---------------------------------------------------------------- tools

-- Evenly spread, and the same each time: a whole number from 0 to p_below - 1.
create function pg_temp.pick(p_seed text, p_below integer)
  returns integer
  language sql immutable
as $$
  select (('x' || left(md5('desk ' || p_seed), 8))::bit(32)::bigint % p_below)::integer
$$;

create function pg_temp.one_of(p_seed text, p_values anyarray)
  returns anyelement
  language sql immutable
as $$
  select p_values[1 + pg_temp.pick(p_seed, cardinality(p_values))]
$$;

-- From here on it is p_at, and p_user acts, as though over the API.
create function pg_temp.act(p_user bigint, p_role text, p_at timestamptz)
  returns void
  language plpgsql
as $$
begin
  reset session authorization;
  perform set_config('autocrm.now', p_at::text, true);
  set local session authorization autocrm_api;
  perform set_config('role', 'autocrm_' || p_role, true),
          set_config('request.jwt.claims',
            json_build_object('sub', p_user::text, 'role', p_role, 'sid', md5('demo session ' || p_user)::uuid)::text, true);
end
$$;

create function pg_temp.act_by_key(p_at timestamptz)
  returns void
  language plpgsql
as $$
begin
  reset session authorization;
  perform set_config('autocrm.now', p_at::text, true);
  set local session authorization autocrm_api;
  perform set_config('role', 'autocrm_integration', true),
          set_config('request.jwt.claims', json_build_object('key', encode(sha256('demo gateway'), 'hex'))::text, true);
end
$$;

-- ---------------------------------------------------------------- people

insert into app.users (role, name, email, ticket_access, availability, capacity, time_zone)
values ('admin', 'Robin Castellanos', 'admin@demo.test', 'all', 'online', 0, 'Europe/Berlin');

insert into app.users (role, name, email, ticket_access, availability, capacity, time_zone)
select 'agent', a.name, lower(split_part(a.name, ' ', 1)) || '@demo.test', 'all', a.availability::app.availability, a.capacity, a.zone
  from (values
    ('Maya Okafor', 'online', 12, 'Africa/Lagos'),
    ('Jonas Lindqvist', 'online', 12, 'Europe/Stockholm'),
    ('Aiko Tanabe', 'online', 10, 'Asia/Tokyo'),
    ('Priya Raman', 'online', 10, 'Asia/Kolkata'),
    ('Samuel Whitaker', 'online', 14, 'America/Chicago'),
    ('Lucia Grimaldi', 'online', 10, 'Europe/Rome'),
    ('Nadia Haddad', 'away', 10, 'Asia/Beirut'),
    ('Tomas Novak', 'offline', 10, 'Europe/Prague')
  ) as a(name, availability, capacity, zone);

insert into app.users (role, name, email, ticket_access) values ('integration', 'Website and mail', null, 'all');

do $$
begin
  if not exists (select from pg_roles where rolname = 'demo_analyst') then
    create role demo_analyst login in role autocrm_analyst;
  end if;
  alter role demo_analyst password 'autocrm-demo';
end
$$;
insert into app.users (role, name, email, pg_role, ticket_access)
values ('analyst', 'Demo Analyst', 'analyst@demo.test', 'demo_analyst', 'all');

insert into app.passwords (user_id, argon2)
select u.id, current_setting('autocrm.seed_password') from app.users u where u.role in ('admin', 'agent');

insert into app.organizations (name, domains)
select o.name, array[o.domain]
  from (values
    ('Northwind Freight', 'northwind.example'), ('Cobalt Robotics', 'cobalt.example'), ('Atlas Logistics', 'atlas.example'),
    ('Brightwater Clinics', 'brightwater.example'), ('Juniper Press', 'juniper.example'), ('Saltbox Foods', 'saltbox.example'),
    ('Orchard Pay', 'orchard.example'), ('Halcyon Labs', 'halcyon.example'), ('Fernhill School', 'fernhill.example'),
    ('Quartz Outdoor', 'quartz.example'), ('Meridian Travel', 'meridian.example'), ('Papercrane Studio', 'papercrane.example')
  ) as o(name, domain);

-- Forty customers: every first name once, family names shared like anywhere.
insert into app.users (role, name, email, organization_id, locale)
select 'customer', c.first || ' ' || c.family,
       lower(c.first || '.' || c.family) || '@' || o.domains[1], o.id, case when c.n % 8 = 0 then 'de' else 'en' end
  from (
    select f.first, f.n,
           (array['Kowalski', 'Nwosu', 'Brandt', 'Byrne', 'Adeyemi', 'Petrov', 'Rossi', 'Vasquez', 'Hale', 'Ferreira', 'Ahmadi', 'Sato'])
             [1 + pg_temp.pick('family ' || f.n, 12)] as family
      from unnest(array[
        'Elena', 'Carmen', 'Viktor', 'Anders', 'Kenji', 'Amara', 'Ines', 'Zainab', 'Pierre', 'Naomi',
        'Oscar', 'Leila', 'Mateo', 'Freya', 'Hugo', 'Yara', 'Dmitri', 'Clara', 'Idris', 'Sofia',
        'Bruno', 'Hana', 'Felix', 'Mina', 'Ravi', 'Greta', 'Owen', 'Talia', 'Emil', 'Noor',
        'Anton', 'Selma', 'Caleb', 'Vera', 'Jamal', 'Edith', 'Ivo', 'Rosa', 'Kofi', 'Wanda'
      ]) with ordinality as f(first, n)
  ) c
  join (select o.*, row_number() over (order by id) as n from app.organizations o) o
    on o.n = 1 + pg_temp.pick('organization ' || c.n, 12);

-- Sessions for the length of this script; nobody knows their tokens, and they are removed below.
insert into app.sessions (id, user_id, refresh_hash, expires_at)
select md5('demo session ' || u.id)::uuid, u.id, sha256(gen_random_uuid()::text::bytea), now() + interval '1 hour'
  from app.users u
 where u.role in ('admin', 'agent', 'customer');
insert into app.api_keys (name, prefix, hash, user_id, scopes, expires_at)
select 'Demo gateway', 'demo', sha256('demo gateway'), u.id, array['tickets:read', 'tickets:write', 'users:read'], now() + interval '1 hour'
  from app.users u
 where u.role = 'integration';

-- ---------------------------------------------------------------- configuration, by the administrator

-- The examples of functions name the first ids.
select setval(pg_get_serial_sequence(each, 'id'), 100) from unnest(array['app.macros', 'app.sla_policies']) each;

select pg_temp.act(u.id, 'admin', now() - interval '7 days') from app.users u where u.email = 'admin@demo.test';

insert into app.teams (name, color, description) values
  ('Billing', '#b7893b', 'Invoices, plans and refunds'),
  ('Identity', '#5b8fd6', 'Log-in, two-factor and accounts'),
  ('Platform', '#18a5a7', 'The product, its API and webhooks'),
  ('Payments', '#4fa36b', 'Cards, payouts and charges'),
  ('Logistics', '#cf7a5f', 'Parcels and returns'),
  ('Privacy', '#a37fc4', 'Personal data and legal questions');

insert into app.memberships (team_id, user_id, lead)
select t.id, u.id, m.lead
  from (values
    ('Billing', 'maya', true), ('Billing', 'samuel', false), ('Billing', 'lucia', false),
    ('Identity', 'jonas', true), ('Identity', 'maya', false), ('Identity', 'nadia', false),
    ('Platform', 'aiko', true), ('Platform', 'jonas', false), ('Platform', 'tomas', false), ('Platform', 'maya', false),
    ('Payments', 'priya', true), ('Payments', 'samuel', false),
    ('Logistics', 'samuel', true), ('Logistics', 'lucia', false),
    ('Privacy', 'nadia', true), ('Privacy', 'priya', false)
  ) as m(team, agent, lead)
  join app.teams t on t.name = m.team
  join app.users u on u.email = m.agent || '@demo.test';

insert into app.skills (name, description) values
  ('german', 'Answers in German'), ('api', 'Reads requests, logs and webhooks'), ('refunds', 'May grant refunds'),
  ('security', 'Handles incidents'), ('legal', 'Knows data protection');
insert into app.agent_skills (user_id, skill_id, level)
select u.id, s.id, k.level
  from (values
    ('jonas', 'german', 4), ('lucia', 'german', 2), ('aiko', 'api', 5), ('jonas', 'api', 3), ('maya', 'api', 2), ('maya', 'refunds', 4),
    ('samuel', 'refunds', 3), ('priya', 'refunds', 2), ('nadia', 'security', 5), ('jonas', 'security', 3), ('nadia', 'legal', 5),
    ('priya', 'legal', 3)
  ) as k(agent, skill, level)
  join app.users u on u.email = k.agent || '@demo.test'
  join app.skills s on s.name = k.skill;

insert into app.custom_fields (key, label, type, config, required_on_solve, default_value, visible_when, position) values
  ('area', 'Area', 'dropdown', '{"options": [{"value": "invoices", "label": "Invoices"}, {"value": "plans", "label": "Plans"}, {"value": "account", "label": "Account"}, {"value": "api", "label": "API"}, {"value": "app", "label": "App"}, {"value": "parcels", "label": "Parcels"}, {"value": "data", "label": "Personal data"}]}', false, null, null, 10),
  ('order_number', 'Order number', 'regex', '{"pattern": "^[0-9]{5}$", "message": "must be the five digits printed on the invoice"}', false, null, null, 20),
  ('seats', 'Seats', 'integer', '{"min": 1, "max": 10000}', false, null, null, 30),
  ('amount', 'Disputed amount', 'decimal', '{"min": 0}', false, null, null, 40),
  ('app_version', 'App version', 'text', '{"max_length": 20}', false, null, null, 50),
  ('renewal', 'Renewal date', 'date', '{}', false, null, null, 60),
  ('vip', 'Key account', 'boolean', '{}', false, null, null, 70),
  ('platforms', 'Platforms', 'multiselect', '{"options": [{"value": "web", "label": "Web"}, {"value": "ios", "label": "iOS"}, {"value": "android", "label": "Android"}]}', false, null, null, 80);

insert into app.routing_rules (position, name, conditions, actions, stop) values
  (10, 'Key accounts first', '{"any": [{"field": "organization", "op": "in", "value": ["Orchard Pay", "Cobalt Robotics"]}]}',
   '[{"add_tags": ["key-account"]}, {"set": "custom.vip", "value": true}]', false),
  (20, 'German asks for German', '{"all": [{"field": "language", "op": "is", "value": "de"}]}',
   '[{"require_skill": "german", "level": 2}, {"add_tags": ["german"]}]', false),
  (30, 'Outages and leaks are urgent', '{"any": [{"field": "subject", "op": "contains_word", "value": ["outage", "leaked"]}]}',
   '[{"set": "priority", "value": "urgent"}, {"set": "type", "value": "incident"}]', false),
  (40, 'Personal data', '{"any": [{"field": "subject", "op": "contains_word", "value": ["personal data", "residency", "GDPR"]}]}',
   '[{"set": "team", "value": "Privacy"}, {"set": "custom.area", "value": "data"}, {"add_tags": ["privacy"]}, {"balance": "none"}]', true),
  (50, 'Refunds and charges', '{"any": [{"field": "subject", "op": "contains_word", "value": ["refund", "card", "charge", "payout"]}]}',
   '[{"set": "team", "value": "Payments"}, {"add_tags": ["payments"]}, {"balance": "least_loaded"}]', true),
  (60, 'Invoices and plans', '{"any": [{"field": "subject", "op": "contains_word", "value": ["invoice", "upgrade", "plan", "seats"]}]}',
   '[{"set": "team", "value": "Billing"}, {"set": "custom.area", "value": "invoices"}, {"add_tags": ["billing"]}, {"balance": "least_loaded"}]', true),
  (70, 'Log-in trouble', '{"any": [{"field": "subject", "op": "contains_word", "value": ["two-factor", "password", "locked", "log in", "single sign-on"]}]}',
   '[{"set": "team", "value": "Identity"}, {"set": "custom.area", "value": "account"}, {"add_tags": ["login"]}, {"balance": "least_loaded"}]', true),
  (80, 'Parcels', '{"any": [{"field": "subject", "op": "contains_word", "value": ["parcel", "delivery", "return", "damaged"]}]}',
   '[{"set": "team", "value": "Logistics"}, {"set": "custom.area", "value": "parcels"}, {"add_tags": ["shipping"]}, {"balance": "least_loaded"}]', true),
  (90, 'The API', '{"any": [{"field": "subject", "op": "contains_word", "value": ["webhook", "webhooks", "API", "sandbox"]}]}',
   '[{"set": "team", "value": "Platform"}, {"set": "custom.area", "value": "api"}, {"add_tags": ["api"]}, {"balance": "least_loaded"}]', true),
  (100, 'Everything else about the product', '{"any": [{"field": "subject", "op": "contains_word", "value": ["app", "export", "report", "dashboard", "search"]}]}',
   '[{"set": "team", "value": "Platform"}, {"set": "custom.area", "value": "app"}, {"balance": "none"}]', true);

-- What is answered again and again: words with what goes with them, and changes alone.
insert into app.macros (name, description, scope, team_id, message_kind, body_text, actions)
select m.name, m.description, case when t.id is null then 'shared' else 'team' end::app.macro_scope, t.id,
       m.kind::app.message_kind, m.body, m.actions::jsonb
  from (values
    ('Ask for the order number', 'The five digits on the invoice', null, 'reply',
     E'Hello {{requester.first_name | "there"}},\n\nso that I can look into it: which order is it about? The number has five digits and stands at the top of the invoice.',
     '[{"set": "status", "value": "pending"}, {"add_tags": ["needs-order-number"]}]'),
    ('We are on it', 'Nothing to do for the customer', null, 'reply',
     E'Hello {{requester.first_name | "there"}},\n\nthank you for telling us about "{{ticket.subject}}". I am looking into it and come back to you today.',
     '[{"assign": "me"}, {"set": "status", "value": "open"}]'),
    ('Solved, with thanks', 'Ends a conversation', null, 'reply',
     E'Hello {{requester.first_name | "there"}},\n\nI am glad that it works. I am closing this for now; just answer here if anything is left.',
     '[{"set": "status", "value": "solved"}]'),
    ('Escalate to Platform', 'For what looks like a fault of the product', null, 'note',
     'Looks like a fault of the product: please take over. What was tried so far is above.',
     '[{"set": "team", "value": "Platform"}, {"set": "priority", "value": "high"}, {"assign": "none"}, {"add_tags": ["escalated"]}]'),
    ('Refund granted', 'Takes five working days', 'Payments', 'reply',
     E'Hello {{requester.first_name | "there"}},\n\nyour refund is on its way and reaches your account within five working days.',
     '[{"set": "status", "value": "solved"}, {"add_tags": ["refund-granted"]}, {"set": "type", "value": "task"}]'),
    ('Spam', 'Out of the way, without a word', null, null, null,
     '[{"set": "status", "value": "closed"}, {"set": "priority", "value": "low"}, {"add_tags": ["spam"]}]')
  ) as m(name, description, team, kind, body, actions)
  left join app.teams t on t.name = m.team;

insert into app.sla_policies (position, name, conditions, targets) values
  (10, 'Key accounts', '{"all": [{"field": "tags", "op": "includes_any", "value": ["key-account"]}, {"field": "channel", "op": "in", "value": ["email", "chat", "phone"]}]}',
   '[{"metric": "first_reply", "minutes": 240}, {"metric": "next_reply", "minutes": 480}, {"metric": "resolution", "minutes": 10080}]'),
  (20, 'Mail, chat and telephone', '{"all": [{"field": "channel", "op": "in", "value": ["email", "chat", "phone"]}]}',
   '[{"metric": "first_reply", "priority": "urgent", "minutes": 120}, {"metric": "first_reply", "minutes": 2160}, {"metric": "next_reply", "minutes": 2880}, {"metric": "resolution", "minutes": 14400}]');

insert into app.views (name, visibility, conditions, columns, sort, position) values
  ('Due next', 'everyone', '{"field": "status", "op": "not_in", "value": ["solved", "closed"]}',
   '{id,priority,status,subject,requester,team,assignee,next_breach_at}', 'next_breach_at', 5);

reset session authorization;
-- A desk that has been busy for a while.
select setval(pg_get_serial_sequence('app.tickets', 'id'), 52816);

-- ---------------------------------------------------------------- tickets and what was said on them

do $$
declare
  v_topics jsonb := $json$[
    ["Refund for a duplicate order", "I clicked once but two payments left my account. Please send the second one back.", "I can see both charges. The second one is on its way back; could you confirm the last four digits of the card?", "They are 4417. Thank you for the quick answer!", "refund orders", "normal"],
    ["Card declined at checkout", "Our company card is refused although it works everywhere else. The page only says that something went wrong.", "The bank asks for a confirmation that our form did not show. Could you try again in a private window?", "Same result there. It happens with two different cards.", "checkout", "high"],
    ["Payout arrived short", "The payout of this week is lower than the sum of our orders. Where did the difference go?", "Two returns were taken off; the list is attached to the payout in your account. Does that add up for you?", "One of these returns was never sent back to us.", "payouts", "normal"],
    ["Invoice shows tax twice", "The total on our last invoice contains the tax two times. Accounting will not release it like this.", "You are right, a setting of your country was applied twice. A corrected invoice follows today.", "Received, but the reference number changed. Is that intended?", "invoice tax", "high"],
    ["Upgrade from Team to Scale mid-cycle", "What happens to our remaining days when we change today, and do the new seats count at once?", "The remaining days are credited, and the seats are there as soon as you switch. Shall I prepare it?", "Yes please, with 40 seats.", "plan-change", "normal"],
    ["More seats than people on our plan", "We are billed for 25 seats but only 19 people work here.", "Six accounts were invited and never used. I can remove them as of this month.", "Please do so, and send us the list.", "seats", "low"],
    ["Two-factor code never arrives", "I am locked out: the text message does not come, and I have no backup codes.", "I have sent a recovery link to your work address. Did it reach you?", "It did, I am in again. Can I switch to an authenticator app?", "2fa", "high"],
    ["Locked out after changing my password", "Since yesterday every attempt ends with 'session ended', on two machines.", "An old session kept being renewed. I ended all of them; please log in once more.", "Works now, thank you.", "sessions", "normal"],
    ["Cannot log in with single sign-on", "Since we renewed our certificate nobody in the company gets in.", "Please upload the new certificate under Settings, Security. I can keep password log-in open for an hour meanwhile.", "Uploaded. It says that the issuer does not match.", "sso", "urgent"],
    ["Webhook deliveries delayed by 20 minutes", "Our order.created events arrive long after the order. It began this morning.", "Your endpoint answered with errors for a while and was slowed down. It recovers by itself; may I see your logs from 08:10 on?", "Here is an extract. We see no request at all in those minutes.", "webhooks", "high"],
    ["Sandbox keys work in production?", "We noticed that a test key can read live orders. Is that on purpose?", "It is not. The key was made before the two were kept apart; please rotate it, we have limited it already.", "Rotated. Could you tell us whether anybody else used it?", "security", "urgent"],
    ["API answers 429 below the limit", "We send 40 requests a second, the documentation promises 50.", "The limit counts each key by itself and each address too. Both are in the response headers.", "Understood, we will spread them over two addresses.", "limits", "normal"],
    ["Mobile app crashes when opening attachments", "Version 6.2.1 on Android 15 closes as soon as I tap a PDF.", "Thank you, we can see it here as well. A fix is in the beta; would you like to join it?", "Yes, this address is fine.", "mobile crash", "normal"],
    ["Cannot export report as CSV", "The download button spins and then nothing happens. Smaller reports work.", "Reports above 50,000 rows are sent by mail now. Did you get one?", "It was in the spam folder. Thank you!", "reports", "normal"],
    ["Dashboard shows yesterday's numbers", "All tiles stopped at midnight, although orders came in.", "A job was stuck and has been started again. Do you see today's numbers now?", "Half of them. Revenue is still empty.", "dashboard", "normal"],
    ["Search does not find umlauts", "Searching for Muller finds nobody, although the name is in the list.", "Search will treat both spellings alike from next week on.", "Great, thank you.", "search", "low"],
    ["Parcel marked delivered but never arrived", "Tracking says it was left at the door. There is no parcel, and the neighbours have none.", "I have opened an inquiry with the carrier. They answer within two working days.", "They called and found it in another street.", "tracking", "high"],
    ["Damaged goods in yesterday's delivery", "Three of twelve boxes were wet. Photos are attached.", "I am sorry to see that. Would you rather have replacements or your money back?", "Replacements, by Thursday if possible.", "damaged", "normal"],
    ["How do I start a return?", "The label in the box is torn and cannot be scanned.", "Here is a new label. You can hand the parcel in at any shop of the carrier.", "Handed in today.", "returns", "low"],
    ["Please delete my account and personal data", "Under article 17 I ask you to remove everything that you hold about me.", "We have received your request and will confirm the removal within a week. Invoices must be kept by law.", "That is fine. Please confirm in writing.", "gdpr", "normal"],
    ["Question about data residency in the EU", "Legal needs to know where backups are kept before we may sign.", "Backups stay in two regions of the EU. The agreement is attached.", "Legal asks for the names of the subprocessors as well.", "legal", "normal"],
    ["Copy of my personal data", "Please send me all data that you hold about me, in a format I can read.", "The archive is ready. For your safety the link asks for your password.", "The archive lacks my messages.", "gdpr", "low"],
    ["Rechnung nicht lesbar: invoice as PDF", "Die Rechnung vom letzten Monat laesst sich nicht oeffnen. Bitte senden Sie sie noch einmal.", "Die Datei war beschaedigt; hier ist sie noch einmal. Laesst sie sich jetzt oeffnen?", "Ja, vielen Dank.", "rechnung", "normal"],
    ["Partial outage of the order page", "Every third page load ends with a gateway error since 09:40.", "One of our machines was faulty and has been taken out. Can you confirm that it is stable now?", "Stable for ten minutes now.", "outage", "urgent"],
    ["Thank you, and a small wish", "The new queue is a joy. Could columns be put in another order?", "Thank you! I have passed your wish on to the people who build it.", "Looking forward to it.", "feedback", "low"]
  ]$json$;
  v_notes text[] := array[
    'Called them: the mornings suit them best.', 'Same cause as last week, see the other ticket of this company.',
    'Waiting for an answer from engineering.', 'The account manager knows and keeps an eye on it.',
    'Checked the logs, nothing unusual on our side.'];
  v_customers bigint[] := array(select id from app.users where role = 'customer' order by id);
  v_german bigint[] := array(select id from app.users where role = 'customer' and locale = 'de' order by id);
  v_now timestamptz := date_trunc('second', now());
  v_count constant integer := 400;
  v_topic jsonb;
  v_state text;
  v_at timestamptz;
  v_customer bigint;
  v_agent bigint;
  v_subject text;
  v_ticket json;
  v_id bigint;
  v_members jsonb;
  v_body jsonb;
  v_roll integer;
begin
  select jsonb_object_agg(m.team_id, m.agents) into v_members
    from (select team_id, jsonb_agg(user_id order by user_id) as agents from app.memberships group by team_id) m;

  for i in 1 .. v_count
  loop
    -- Most came in today, the oldest six days ago.
    v_at := v_now - make_interval(secs => 40 + 518400 * ((v_count - i)::numeric / v_count) ^ 2.2 + pg_temp.pick('jitter ' || i, 50));
    v_topic := v_topics -> pg_temp.pick('topic ' || i, jsonb_array_length(v_topics));
    v_customer := pg_temp.one_of('customer ' || i, v_customers);
    v_subject := v_topic ->> 0;
    if v_subject like 'Refund%' then
      v_subject := format('%s #%s', v_subject, 80000 + pg_temp.pick('order ' || i, 9999));
    end if;
    v_body := jsonb_build_object(
      'subject', v_subject, 'description', v_topic ->> 1, 'requester_id', v_customer, 'priority', v_topic ->> 5,
      'tags', to_jsonb(string_to_array(v_topic ->> 4, ' ')),
      'channel', pg_temp.one_of('channel ' || i, array['email', 'email', 'email', 'web', 'web', 'chat', 'phone', 'api']),
      'language', case when v_subject like 'Rechnung%' then 'de' else 'en' end,
      'custom', case
        when v_subject like 'Refund%' then jsonb_build_object('order_number', right(v_subject, 5), 'amount', 20 + pg_temp.pick('amount ' || i, 40000) / 100.0)
        when v_topic ->> 4 like '%mobile%' then jsonb_build_object('app_version', '6.2.1', 'platforms', jsonb_build_array('android'))
        when v_topic ->> 4 = 'plan-change' then jsonb_build_object('seats', 10 + pg_temp.pick('seats ' || i, 90), 'renewal', (v_now + interval '40 days')::date)
        else '{}' end);
    if v_subject like 'Rechnung%' then
      v_body := v_body || jsonb_build_object('requester_id', pg_temp.one_of('german ' || i, v_german));
      v_customer := (v_body ->> 'requester_id')::bigint;
    end if;
    perform pg_temp.act_by_key(v_at);
    v_ticket := api.create_ticket(v_body);
    v_id := (v_ticket ->> 'id')::bigint;
    -- What is promised is promised from now on; how it went the worker counts, as soon as it runs.
    reset session authorization;
    perform app.advance_sla(v_id);

    -- The newer, the likelier still untouched.
    v_roll := pg_temp.pick('state ' || i, 100);
    v_state := case
      when v_at > v_now - interval '20 minutes' then 'new'
      when i > v_count * 3 / 4 and v_roll < 45 then 'new'
      when v_roll < 12 then 'new'
      when v_roll < 40 then 'open'
      when v_roll < 58 then 'pending'
      when v_roll < 67 then 'on_hold'
      when v_roll < 88 then 'solved'
      else 'closed' end;
    continue when v_state = 'new';

    v_agent := coalesce((v_ticket #>> '{assignee,id}')::bigint, pg_temp.one_of('agent ' || i,
      array(select a::bigint from jsonb_array_elements_text(coalesce(v_members -> (v_ticket #>> '{team,id}'), v_members -> (select min(k) from jsonb_object_keys(v_members) k))) a)));
    -- Never before it was asked.
    v_at := greatest(v_at + interval '1 minute',
      least(v_now - make_interval(secs => 900 + pg_temp.pick('settled ' || i, 3000)), v_at + make_interval(mins => 4 + pg_temp.pick('first ' || i, 70))));
    perform pg_temp.act(v_agent, 'agent', v_at);
    -- What is solved was somebody's; of the rest, agents take on no more than half of what they can carry.
    if v_ticket ->> 'assignee' is null and (v_state in ('solved', 'closed') or coalesce(
      (select l.open * 2 < u.capacity from app.agent_loads l join app.users u on u.id = l.user_id where u.id = v_agent), true))
    then
      perform api.assign_ticket(v_id, jsonb_build_object('assignee_id', v_agent));
    end if;
    if pg_temp.pick('note ' || i, 3) = 0 then
      perform api.create_message(v_id, jsonb_build_object('kind', 'note', 'body_text', pg_temp.one_of('which note ' || i, v_notes)));
      perform pg_temp.act(v_agent, 'agent', v_at + interval '3 minutes');
    end if;
    perform api.create_message(v_id, jsonb_build_object('kind', 'reply', 'body_text', v_topic ->> 2,
      'status', case when v_state in ('on_hold', 'open') then 'open' else 'pending' end));
    continue when v_state = 'pending' or (v_state = 'open' and v_roll < 24);

    v_at := greatest(v_at + interval '1 minute',
      least(v_now - make_interval(secs => 480 + pg_temp.pick('settled ' || i, 400)), v_at + make_interval(mins => 10 + pg_temp.pick('answer ' || i, 200))));
    perform pg_temp.act(v_customer, 'customer', v_at);
    insert into app.messages (ticket_id, kind, author_id, body_text, channel)
    values (v_id, 'reply', v_customer, v_topic ->> 3, 'email');
    continue when v_state = 'open';

    v_at := greatest(v_at + interval '1 minute',
      least(v_now - make_interval(secs => 30 + pg_temp.pick('settled ' || i, 400)), v_at + make_interval(mins => 3 + pg_temp.pick('end ' || i, 90))));
    perform pg_temp.act(v_agent, 'agent', v_at);
    if v_state = 'on_hold' then
      perform api.update_ticket(v_id, '{"status": "on_hold"}');
    else
      perform api.create_message(v_id, '{"kind": "reply", "body_text": "Thank you for letting us know. I am closing this for now; just answer here if anything is left.", "status": "solved"}');
      if v_state = 'closed' then
        perform api.update_ticket(v_id, '{"status": "closed"}');
      end if;
    end if;
  end loop;
  reset session authorization;
  perform set_config('autocrm.now', '', true), set_config('request.jwt.claims', '', true);
end
$$;

-- Room for a few more each, so that what comes in now finds somebody.
-- What waited takes the first of it.
do $$
begin
  for v_round in 1..10
  loop
    update app.users u
       set capacity = l.open + 3 + pg_temp.pick('room ' || u.name, 4)
      from app.agent_loads l
     where l.user_id = u.id;
    exit when not exists (
      select from app.agent_loads l
       where l.available and l.load > l.capacity - 300 and exists (select from app.places p where p.user_id = l.user_id));
  end loop;
end
$$;

delete from app.sessions s where s.id = md5('demo session ' || s.user_id)::uuid;
update app.api_keys set revoked_at = now() where prefix = 'demo';
