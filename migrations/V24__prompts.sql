-- Limits of people at a SQL prompt, which the worker keeps; what a ticket's row may never hold; and the index by which
-- a policy finds where a ticket was merged into.
alter table app.settings
  -- How long one statement may run, a transaction may stand open, stand idle, and stand open after it has written.
  add column prompt_statement_seconds integer not null default 300 check (prompt_statement_seconds between 1 and 86400),
  add column prompt_transaction_seconds integer not null default 900 check (prompt_transaction_seconds between 1 and 86400),
  add column prompt_idle_seconds integer not null default 60 check (prompt_idle_seconds between 1 and 86400),
  add column prompt_write_seconds integer not null default 15 check (prompt_write_seconds between 1 and 86400);

create unique index ticket_links_merged_idx on app.ticket_links (ticket_id) where kind = 'merged';

-- No change that anybody made, so neither audit nor events hear of it.
alter table app.tickets disable trigger user;
update app.tickets set tag_ids = array(select distinct x from unnest(tag_ids) x where x is not null)
 where array_ndims(tag_ids) > 1 or case when array_ndims(tag_ids) = 1 then array_position(tag_ids, null) end is not null;
update app.tickets set custom = '{}' where jsonb_typeof(custom) <> 'object';
update app.tickets set required_skills = '{}' where jsonb_typeof(required_skills) <> 'object';
update app.tickets set preferred_skills = '{}' where jsonb_typeof(preferred_skills) <> 'object';
alter table app.tickets enable trigger user;
alter table app.tickets
  add constraint tickets_tag_ids_check check (
    coalesce(array_ndims(tag_ids), 1) = 1 and cardinality(tag_ids) <= 1000
    and case when array_ndims(tag_ids) = 1 then array_position(tag_ids, null) end is null),
  add constraint tickets_custom_check check (jsonb_typeof(custom) = 'object'),
  add constraint tickets_skills_check check (jsonb_typeof(required_skills) = 'object' and jsonb_typeof(preferred_skills) = 'object');
alter table app.drafts disable trigger user;
update app.drafts set attachment_ids = array(select distinct x from unnest(attachment_ids) x where x is not null)
 where array_ndims(attachment_ids) > 1 or case when array_ndims(attachment_ids) = 1 then array_position(attachment_ids, null) end is not null;
alter table app.drafts enable trigger user;
alter table app.drafts
  add constraint drafts_attachment_ids_check check (
    coalesce(array_ndims(attachment_ids), 1) = 1 and cardinality(attachment_ids) <= 1000
    and case when array_ndims(attachment_ids) = 1 then array_position(attachment_ids, null) end is null);
alter table app.organizations disable trigger user;
update app.organizations set custom = '{}' where jsonb_typeof(custom) <> 'object';
update app.organizations set domains = array(select distinct x from unnest(domains) x where x is not null)
 where array_ndims(domains) > 1 or case when array_ndims(domains) = 1 then array_position(domains, null) end is not null;
alter table app.organizations enable trigger user;
alter table app.organizations
  add constraint organizations_custom_check check (jsonb_typeof(custom) = 'object'),
  add constraint organizations_domains_check check (
    coalesce(array_ndims(domains), 1) = 1 and case when array_ndims(domains) = 1 then array_position(domains, null) end is null);
