-- Notes about customers and organizations.
create view api.customer_notes with (security_invoker = true) as
select n.id, n.version, n.user_id, n.organization_id, n.body_text, n.pinned,
       (select json_build_object('id', u.id, 'name', u.name) from app.users u where u.id = n.author_id) as author,
       n.created_at, n.updated_at
  from app.customer_notes n;
comment on view api.customer_notes is 'Notes of the staff about customers and organizations; one of each may be pinned.';

select api._define_resource('customer_notes', 'customer_note',
  p_filters => '{user_id,organization_id,pinned}', p_search => '{body_text}', p_sorts => '{-created_at}',
  p_keys => '{user_id,organization_id,body_text,pinned}',
  p_about => 'user_id or organization_id (one of both, never changed), body_text (at most 20,000 characters), pinned (takes the place of the note that was)',
  p_query => '{"user_id": 7}',
  p_create => '{"organization_id": 1, "body_text": "Call before you change anything on a Friday.", "pinned": true}',
  p_update => '{"pinned": false}',
  p_deleting => 'TK409 when it is stale, or under a legal hold.',
  p_create_scopes => '{users:write,users:read}',
  p_fixed => '{user_id,organization_id}');
