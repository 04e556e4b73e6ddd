-- What came in, was first answered and was solved, by day (UTC) and team.
-- Three indexable events a ticket rather than three passes: each ticket is read once.
create view reporting.tickets_daily with (security_invoker = true) as
select (e.at at time zone 'UTC')::date as day, t.team_id, m.name as team,
       count(*) filter (where e.what = 'created') as created,
       count(*) filter (where e.what = 'first_reply') as first_replied,
       count(*) filter (where e.what = 'solved') as solved
  from app.tickets t
  cross join lateral (
    values ('created', t.created_at), ('first_reply', t.first_reply_at), ('solved', t.solved_at)
  ) e (what, at)
  left join app.teams m on m.id = t.team_id
 where e.at is not null and t.deleted_at is null
 group by 1, 2, 3;
comment on view reporting.tickets_daily is
  'Tickets created, first answered and solved per UTC day and team, of those the reader may see. Example: select * from reporting.tickets_daily order by day desc';
comment on column reporting.tickets_daily.day is 'The day, in UTC.';
comment on column reporting.tickets_daily.team_id is 'The team of today: reporting.teams.id; NULL for tickets without one.';
comment on column reporting.tickets_daily.team is 'Name of the team.';
comment on column reporting.tickets_daily.created is 'Tickets that came in.';
comment on column reporting.tickets_daily.first_replied is 'Tickets that got their first reply.';
comment on column reporting.tickets_daily.solved is 'Tickets whose last solving was on that day.';
