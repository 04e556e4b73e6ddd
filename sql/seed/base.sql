-- What every desk begins with; applied only where a desk has no statuses yet.
insert into app.statuses (key, label, color, category, position)
select * from (values
  ('new', 'New', '#d97706', 'new'::app.status_category, 1),
  ('open', 'Open', '#2563eb', 'open', 2),
  ('pending', 'Pending', '#7c3aed', 'pending', 3),
  ('on_hold', 'On hold', '#475569', 'on_hold', 4),
  ('solved', 'Solved', '#16a34a', 'solved', 5),
  ('closed', 'Closed', '#94a3b8', 'closed', 6)
) as s
where not exists (select from app.statuses);

insert into app.priorities (key, label, color, weight)
select * from (values
  ('low', 'Low', '#94a3b8', 10), ('normal', 'Normal', '#64748b', 20), ('high', 'High', '#d97706', 30), ('urgent', 'Urgent', '#dc2626', 40)
) as p
where not exists (select from app.priorities);

insert into app.views (name, visibility, conditions, columns, sort, position)
select v.name, 'everyone', v.conditions::jsonb, v.columns::text[], v.sort, v.position
  from (values
    ('My open tickets', '{"all": [{"field": "assignee", "op": "is", "value": "current_user"}, {"field": "status", "op": "not_in", "value": ["solved", "closed"]}]}',
     '{id,priority,status,subject,requester,updated_at}', '-updated_at', 1),
    ('Unassigned', '{"all": [{"field": "assignee", "op": "absent"}, {"field": "status", "op": "not_in", "value": ["solved", "closed"]}]}',
     '{id,priority,status,subject,requester,team,created_at}', 'created_at', 2),
    ('All open', '{"field": "status", "op": "not_in", "value": ["solved", "closed"]}',
     '{id,priority,status,subject,requester,team,assignee,updated_at}', '-updated_at', 3),
    ('Recently solved', '{"field": "hours_since.solved", "op": "less", "value": 168}',
     '{id,status,subject,requester,team,assignee,solved_at}', '-solved_at', 4)
  ) as v (name, conditions, columns, sort, position)
where not exists (select from app.views);
