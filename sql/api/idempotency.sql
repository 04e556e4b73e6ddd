-- Idempotency-Key: a repeated POST is carried out once. Claim and answer are in the transaction of the request.

create function api._claim_idempotency(p_key text, p_operation text, p_request_hash bytea)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_row app.idempotency_keys;
begin
  if length(p_key) not between 1 and 255 then
    perform api._refuse('This request cannot be repeated safely', array['Idempotency-Key: must have 1 to 255 characters']);
  end if;
  -- A second request with the same key waits here until the first has committed or failed.
  insert into app.idempotency_keys (actor_id, key, operation, request_hash)
  values (autocrm.actor_id(), p_key, p_operation, p_request_hash)
  on conflict do nothing;
  if found then
    return null;
  end if;
  select * into v_row from app.idempotency_keys where actor_id = autocrm.actor_id() and key = p_key;
  if v_row.operation <> p_operation or v_row.request_hash <> p_request_hash then
    raise exception using
      errcode = 'TK422',
      message = 'This Idempotency-Key was used for another request',
      detail = 'Idempotency-Key: belongs to a request with another body or address',
      hint = 'Use a fresh key for each new request, the same one only to repeat it.';
  end if;
  return v_row.response;
end
$$;

-- Keeps the answer for a repetition, and notes which tickets stand in it; a secret that is shown only once is null in it.
create function api._store_idempotency(p_key text, p_response json)
  returns void
  language sql volatile
  set search_path = ''
as $$
  update app.idempotency_keys
     set response = case operation
           when 'POST /api/api-keys' then (p_response::jsonb || '{"key": null}')::json
           else p_response end,
         ticket_ids = array(
           select i::text::bigint
             from jsonb_path_query(p_response::jsonb, '$.**.ticket_id ? (@.type() == "number" && @ >= 1 && @ < 1000000000000000000).floor()') i
            union
           select i::text::bigint
             from jsonb_path_query(p_response::jsonb, '$.** ? (exists(@.subject)).id ? (@.type() == "number" && @ >= 1 && @ < 1000000000000000000).floor()') i
            union
           select m[1]::bigint from regexp_matches(operation, '/tickets/(\d{1,18})(?:/|$)') m)
   where actor_id = autocrm.actor_id() and key = p_key
$$;
