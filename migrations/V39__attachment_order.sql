-- Files are uploaded side by side, so that their ids do not tell in which order they were attached. Those that are alone,
-- or came one after another, keep the order of their ids.
alter table app.attachments add column position integer not null default 0;
