-- Idempotency keys: each caller's own, written in the transaction of the request, and by requests alone. What is claimed
-- or answered there at a SQL prompt would be no request's: the privileges are those that requests need.

grant select on app.idempotency_keys to autocrm_admin, autocrm_agent, autocrm_integration;
grant insert (actor_id, key, operation, request_hash), update (response, ticket_ids) on app.idempotency_keys to autocrm_admin, autocrm_agent, autocrm_integration;
create policy callers_keep_their_idempotency_keys on app.idempotency_keys
  for all to autocrm_admin, autocrm_agent, autocrm_integration
  using (actor_id = (select autocrm.actor_id()))
  with check (actor_id = (select autocrm.actor_id()));
create policy requests_alone_claim_keys on app.idempotency_keys
  as restrictive for insert to autocrm_admin, autocrm_agent, autocrm_integration
  with check (not (select autocrm.at_prompt()));
create policy requests_alone_store_answers on app.idempotency_keys
  as restrictive for update to autocrm_admin, autocrm_agent, autocrm_integration
  using (not (select autocrm.at_prompt()));

-- An answer without what people wrote, and who they are: a repeat is still answered with which records there are, and in
-- which state and when. Of every text only what the API says itself stays.
create function app.masked_answer(p_answer jsonb, p_key text default '')
  returns jsonb
  language plpgsql immutable
  set search_path = pg_catalog, pg_temp
as $$
begin
  return case
    when p_key in ('requester', 'requester_id', 'organization', 'organization_id', 'author', 'author_id', 'uploader', 'uploader_id',
                   'user', 'user_id', 'customer', 'custom', 'value', 'external_id') and p_answer <> 'null'
      then case when p_key = 'custom' then '{}'::jsonb else 'null'::jsonb end
    when jsonb_typeof(p_answer) = 'object'
      then (select coalesce(jsonb_object_agg(e.key, app.masked_answer(e.value, e.key)), '{}') from jsonb_each(p_answer) e)
    when jsonb_typeof(p_answer) = 'array'
      then (select coalesce(jsonb_agg(app.masked_answer(e.value, p_key) order by e.n), '[]') from jsonb_array_elements(p_answer) with ordinality e (value, n))
    when jsonb_typeof(p_answer) = 'string'
         and p_key not in ('status', 'status_category', 'priority', 'type', 'kind', 'channel', 'state', 'action', 'version', 'language')
         and p_key !~ '_at$'
      then to_jsonb(app.redacted(p_answer #>> '{}'))
    else p_answer end;
end
$$;

-- Masks the answers in which the ticket stands, whoever they were given to; each stays, so that a repeat acts no second time.
-- Called by whoever takes the values out of the ticket.
create function app.mask_kept_answers(p_ticket_id bigint)
  returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
as $$
begin
  update app.idempotency_keys k
     set response = app.masked_answer(k.response::jsonb)::json
   where k.ticket_ids @> array[p_ticket_id] and k.ticket_ids <> '{}' and k.response is not null;
end
$$;
