-- Background jobs over the values of a custom field on every ticket, for admins.

create view api.field_jobs with (security_invoker = true) as
select j.id, j.field_id, f.key, j.kind, j.value, j.conditions, j.status, j.total, j.done, j.changed, j.failed, j.problem,
       j.created_by, j.created_at, j.finished_at
  from app.field_jobs j
  join app.custom_fields f on f.id = j.field_id;
comment on view api.field_jobs is 'Back-fills of custom fields, and moves of their values after a change of their visibility.';

select api._define_resource('field_jobs', 'field_job',
  p_filters => '{field_id,kind,status}', p_search => '{key}', p_sorts => '{-id,id}',
  p_verbs => '{list,get}',
  p_query => '{"status": "running"}');

-- Definer: no role writes jobs. Only admins get one.
create function api._open_field_job(p_field_id bigint, p_value jsonb, p_conditions jsonb)
  returns bigint
  language sql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
  insert into app.field_jobs (field_id, kind, value, conditions, last_id, total, created_by)
  select p_field_id, 'fill', p_value, p_conditions, coalesce(max(t.id), 0), count(*), autocrm.actor_id() from app.tickets t
  having autocrm.actor_role() = 'admin'
  returning id
$$;

create function api.backfill_custom_field(p_id bigint, p_body jsonb default '{}')
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_field app.custom_fields;
  v_problems text[] := api._unknown_keys(p_body, array['value', 'conditions']);
  v_value jsonb;
  v_job bigint;
begin
  select * into v_field from app.custom_fields where id = p_id;
  if v_field.id is null then
    perform api._not_found('custom field', p_id);
  end if;
  perform api._need_admin('fill fields of many tickets');
  v_value := coalesce(nullif(p_body -> 'value', 'null'), v_field.default_value);
  if not v_field.active then
    v_problems := v_problems || 'id: the field is out of use'::text;
  elsif v_value is null or v_value = 'null' then
    v_problems := v_problems || 'value: is required, since the field has no default'::text;
  else
    v_problems := v_problems || array(
      select 'value: ' || substr(p, length(v_field.key) + 10)
        from unnest(autocrm.validate_fields(jsonb_build_object(v_field.key, v_value), 'update')) p);
  end if;
  if p_body ? 'conditions' then
    if jsonb_typeof(p_body -> 'conditions') <> 'object' then
      v_problems := v_problems || 'conditions: must be a condition'::text;
    else
      v_problems := v_problems || autocrm.check_conditions(p_body -> 'conditions');
    end if;
  end if;
  if v_problems <> '{}' then
    perform api._refuse('The field cannot be filled like this', v_problems);
  end if;
  if p_body ? 'conditions' then
    -- Conditions that cannot filter a list of tickets are refused before the job is created.
    perform autocrm.condition_sql(p_body -> 'conditions');
  end if;
  v_job := api._open_field_job(p_id, v_value, p_body -> 'conditions');
  return api.get_field_job(v_job);
end
$$;
comment on function api.backfill_custom_field(bigint, jsonb) is
  'Sets a field on every ticket that lacks it and meets the conditions, in the background: {"value": …} or the field''s default, and "conditions". Audited and in each ticket''s history; no trigger fires, and updated_at stays. Answers the job. TK403, TK404, TK422. Example: select api.backfill_custom_field(1, ''{"value": "api", "conditions": {"field": "channel", "op": "is", "value": "api"}}'')';

-- Definer, as above.
create function api._cancel_field_job(p_id bigint)
  returns boolean
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  update app.field_jobs set status = 'cancelled', finished_at = autocrm.now()
   where id = p_id and kind = 'fill' and status in ('queued', 'running') and autocrm.actor_role() = 'admin';
  return found;
end
$$;

create function api.cancel_field_job(p_id bigint)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_job json := api.get_field_job(p_id);
begin
  perform api._need_admin('cancel what is done to a field');
  if not api._cancel_field_job(p_id) then
    perform api._refuse('This job cannot be cancelled', array[case v_job ->> 'kind'
      when 'move' then 'id: values on their way are not left behind; change who may see the field instead'
      else format('id: it is %s', v_job ->> 'status') end]);
  end if;
  return api.get_field_job(p_id);
end
$$;
comment on function api.cancel_field_job(bigint) is
  'Stops a back-fill and answers it as get_field_job does: tickets that have the value keep it. TK403, TK404, TK422 when it has ended, or moves values. Example: select api.cancel_field_job(1)';
