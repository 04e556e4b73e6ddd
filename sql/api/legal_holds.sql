-- Legal holds, for administrators.
create view api.legal_holds with (security_invoker = true) as
select h.id, h.version, h.name, h.reason, h.ticket_id, h.user_id, h.organization_id, h.until,
       h.until is null or h.until > autocrm.now() as active, h.placed_by, h.created_at, h.updated_at
  from app.legal_holds h;
comment on view api.legal_holds is 'Tickets, people and organizations of which nothing is deleted, anonymised or erased.';

select api._define_resource('legal_holds', 'legal_hold',
  p_filters => '{ticket_id,user_id,organization_id}', p_search => '{name,reason}', p_sorts => '{-id,id,name}',
  p_keys => '{name,reason,ticket_id,user_id,organization_id,until}',
  p_about => 'name, reason, one of ticket_id, user_id and organization_id (for good), until (null: until it is removed)',
  p_create => '{"name": "Smith against Acme", "reason": "Letter of the court", "ticket_id": 7}',
  p_update => '{"reason": "Settled in May", "until": "2040-05-01T00:00:00Z"}',
  p_deleting => 'TK409 when it is stale. What it held may be deleted from then on.',
  p_fixed => '{ticket_id,user_id,organization_id}');
