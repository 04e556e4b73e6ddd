-- What a ticket and a message must look like is checked by their native triggers, at every door, with the path of what
-- is wrong: constraints cost each new ticket a parse of their expressions, and said no path at a SQL prompt.
alter table app.tickets
  drop constraint tickets_external_id_max_255,
  drop constraint tickets_language_max_35,
  drop constraint tickets_description_bytes_4000000,
  drop constraint tickets_description_html_bytes_4000000,
  drop constraint tickets_tag_ids_most_500,
  drop constraint tickets_tag_ids_check,
  drop constraint tickets_custom_check,
  drop constraint tickets_skills_check;
alter table app.messages
  drop constraint messages_body_text_bytes_4000000,
  drop constraint messages_body_html_bytes_4000000;
