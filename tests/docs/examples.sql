-- The rows that the examples in comments name by id, beside the demo's. Whatever an example removes has the id 99.
insert into app.tickets (id, subject, description, requester_id, team_id) overriding system value
select x.id, x.subject, 'Card declined, order 47110', c.id, 1
  from (values (6, 'Payout missing'), (7, 'Where is my refund?'), (8, 'Sent twice'), (9, 'Card declined')) x (id, subject),
       (select min(u.id) as id from app.users u where u.role = 'customer') c;
update app.tickets set deleted_at = autocrm.now() where id = 8;
update app.tickets set status_id = (select id from app.statuses where category = 'closed') where id = 6;
insert into app.tickets (id, subject, requester_id, team_id, status_id) overriding system value
select x.id, 'Long done', (select min(u.id) from app.users u where u.role = 'customer'), 1, (select s.id from app.statuses s where s.category = 'closed')
  from (values (70), (71)) x (id);
select app.archive_ticket(x, '{}') from unnest('{70,71}'::bigint[]) x;
insert into app.customer_notes (id, organization_id, body_text) overriding system value values (1, 1, 'Prefers calls'), (99, 1, 'Outdated');
insert into app.sessions (id, user_id, refresh_hash, expires_at)
values ('00000000-0000-0000-0000-000000000000', 1, sha256('another browser'), autocrm.now() + interval '1 hour');
delete from app.messages where id in (12, 31);
insert into app.messages (id, ticket_id, kind, author_id, body_text) overriding system value
values (12, 7, 'reply', 1, 'Is it the card 4711?'), (31, 7, 'reply', 1, 'The refund is on its way.');
insert into app.blobs (sha256, size) values (sha256('invoice'), 7);
insert into app.attachments (id, uploader_id, name, media_type, size, sha256, width, height, thumbnail) overriding system value
values (7, 1, 'card.png', 'image/png', 7, sha256('invoice'), 80, 60, true),
       (8, 1, 'more.png', 'image/png', 7, sha256('invoice'), 80, 60, true),
       (9, 1, 'receipt.png', 'image/png', 7, sha256('invoice'), 80, 60, true);
update app.attachments set ticket_id = 7, message_id = 31, message_at = (select created_at from app.messages where id = 31) where id = 9;
insert into app.drafts (ticket_id, author_id, kind, body_text) values (7, 1, 'reply', 'Dear');
insert into app.drafts (id, ticket_id, author_id, kind, body_text, overtaken) overriding system value values (99, 7, 1, 'note', 'Outdated', true);
insert into app.followers (ticket_id, user_id) values (7, 2);
insert into app.ticket_links (id, kind, ticket_id, other_id) overriding system value
select 1, 'related', 7, (select min(t.id) from app.tickets t where t.id > 100);
insert into app.memberships (team_id, user_id) values (1, 7) on conflict do nothing;
insert into app.bulk_jobs (id, action, body, status, total, done, created_by, role, claims, finished_at) overriding system value
values (1, 'update', '{}', 'done', 1, 1, 1, 'autocrm_admin', '{}', autocrm.now()), (2, 'update', '{}', 'queued', 1, 0, 1, 'autocrm_admin', '{}', null);
insert into app.field_jobs (id, field_id, kind, value, last_id, total, created_by) overriding system value
values (1, 3, 'fill', '5', 0, 0, 1);
insert into app.mail_outbox (id, kind, dedupe_key, user_id, state, not_before, attempts, finished_at) overriding system value
values (1, 'digest', 'example', 2, 'failed', autocrm.now(), 3, autocrm.now());
insert into app.set_aside (id, worker, item, code, message, retry_at) overriding system value
values (7, 'search', 'ticket 7', 'TK500', 'Cannot be read', autocrm.now() + interval '1 day');
insert into app.schedules (id, name, time_zone, weekly) overriding system value
values (1, 'Berlin', 'Europe/Berlin', '[{"day": "mon", "from": "09:00", "to": "17:00"}]'), (99, 'Lisbon', 'Europe/Lisbon', '[]');
insert into app.object_types (id, key, name, plural_name) overriding system value
values (1, 'asset', 'Asset', 'Assets'), (99, 'lease', 'Lease', 'Leases');
insert into app.object_fields (id, object_type_id, key, label, type) overriding system value
values (1, 1, 'serial', 'Serial', 'text'), (99, 1, 'colour', 'Colour', 'text');
insert into app.object_records (id, object_type_id, name) overriding system value values (1, 1, 'Printer'), (5, 1, 'Scanner'), (99, 1, 'Screen');
insert into app.macros (id, name) overriding system value values (1, 'Refunds'), (5, 'On its way'), (99, 'Outdated');
insert into app.triggers (id, name) overriding system value values (1, 'First'), (99, 'Outdated');
insert into app.automations (id, name) overriding system value values (1, 'First'), (99, 'Outdated');
insert into app.sla_policies (id, name) overriding system value values (1, 'First'), (99, 'Outdated');
insert into app.retention_policies (id, name, since, days, action) overriding system value
values (1, 'First', 'closed', 30, 'delete'), (99, 'Outdated', 'closed', 30, 'delete');
insert into app.legal_holds (id, name, ticket_id) overriding system value values (1, 'First', 6), (99, 'Outdated', 6);
insert into app.erasures (id, user_id, status) overriding system value values (1, 98, 'done');
insert into app.routing_rules (id, name, enabled) overriding system value values (99, 'Outdated', false);
insert into app.ticket_forms (id, name) overriding system value values (1, 'Invoices'), (99, 'Outdated');
insert into app.views (id, name, visibility) overriding system value values (99, 'Outdated', 'everyone');
insert into app.statuses (id, key, label, category) overriding system value values (99, 'outdated', 'Outdated', 'pending');
insert into app.priorities (id, key, label, weight) overriding system value values (99, 'outdated', 'Outdated', 15);
insert into app.skills (id, name) overriding system value values (99, 'Outdated');
insert into app.tags (id, name) overriding system value values (99, 'outdated');
insert into app.teams (id, name) overriding system value values (99, 'Outdated');
insert into app.organizations (id, name) overriding system value values (99, 'Outdated');
insert into app.users (id, role, name) overriding system value values (97, 'customer', 'Twice'), (99, 'customer', 'Outdated');
insert into app.custom_fields (id, key, label, type) overriding system value values (99, 'outdated', 'Outdated', 'text');
insert into app.status_transitions (id, from_status_id, to_status_id) overriding system value values (99, 99, 5);
insert into app.sessions (user_id, refresh_hash, user_agent, expires_at)
values (1, sha256('examples'), 'examples', autocrm.now() + interval '1 day');
-- What the examples add comes after all of these.
do $$
declare
  v_sequence text;
begin
  for v_sequence in
    select pg_get_serial_sequence(a.attrelid::regclass::text, 'id') from pg_attribute a join pg_class c on c.oid = a.attrelid
     where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and a.attname = 'id' and a.attidentity <> ''
  loop
    perform setval(v_sequence, greatest(nextval(v_sequence), 1000));
  end loop;
end
$$;
