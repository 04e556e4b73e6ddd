-- From release 0.2.0 to 0.3.0.
\echo Use "ALTER EXTENSION autocrm UPDATE" to load this file. \quit

-- What names what.
create function autocrm.names_in("row" jsonb) returns jsonb
  language c immutable strict parallel safe as 'MODULE_PATHNAME', 'names_in_wrapper';
comment on function autocrm.names_in(jsonb) is 'What a row of rules, views, macros, fields or forms names: [{kind, name, sets}]; kind is team, status, priority, form, tag, organization, schedule, skill, email, user, field or option (key=value); sets: an action gives it to tickets. For the owner. Example: select autocrm.names_in(''{"actions": [{"set": "team", "value": "Billing"}]}'')  -- [{"kind": "team", "name": "Billing", "sets": true}]';
create function autocrm.rename_in("row" jsonb, kind text, old_name text, new_name text) returns jsonb
  language c immutable strict parallel safe as 'MODULE_PATHNAME', 'rename_in_wrapper';
comment on function autocrm.rename_in(jsonb, text, text, text) is 'The same row with one name written otherwise, wherever it stands; names differ by more than their case. For the owner. Example: select autocrm.rename_in(''{"actions": [{"add_tags": ["vip"]}]}'', ''tag'', ''vip'', ''gold'')';

comment on function autocrm.render_template(text, jsonb, boolean) is 'A template filled with values {ticket: {…, custom}, requester, organization, assignee, agent, shown: {name of a variable: what its reader is shown}}; html escapes them. {{#if name}} does not hold for what is absent, an empty text or list, and false; it holds for 0. A comparison may say what is shown or the value itself. At most 100,000 characters. TK422 with the place of each mistake. Example: select autocrm.render_template(''Hello {{requester.first_name | "there"}}'', ''{}'', false)  -- Hello there';

-- Attachments.
create function autocrm.copy_attachments(message_id bigint) returns jsonb
  language c volatile strict parallel unsafe as 'MODULE_PATHNAME', 'copy_attachments';
comment on function autocrm.copy_attachments(bigint) is 'Copies of the files of a message that the caller sees, as their own uploads that wait to be attached: {"<id>": id of the copy}. No content is stored twice. Example: select autocrm.copy_attachments(31)  -- {"7": 12}';

revoke all on function autocrm.names_in(jsonb), autocrm.rename_in(jsonb, text, text, text), autocrm.copy_attachments(bigint) from public;
