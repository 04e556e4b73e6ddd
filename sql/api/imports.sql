-- The functions behind `autocrm import`: tickets with their past.

-- Values of custom fields from the cells of a file: {"custom": {…}, "problems": […]}. Relations are
-- resolved: people by address, organizations by name, tickets by external id, records by external key or name.
-- p_later: a ticket that is not there yet is left out and no problem, for it may come further down.
create function api._import_cells(p_cells jsonb, p_later boolean)
  returns jsonb
  language plpgsql stable
  set search_path = ''
as $$
declare
  v record;
  v_custom jsonb := '{}';
  v_problems text[] := '{}';
  v_value jsonb;
  v_ids bigint[];
begin
  for v in
    select e.key, e.value as cell, f.type::text as type, coalesce(f.config ->> 'target', '') as target
      from jsonb_each_text(p_cells) e
      left join app.custom_fields f on f.key = e.key and f.active
     order by e.key
  loop
    -- What does not fit its field stays text, and is refused with the same words as anywhere else.
    v_value := to_jsonb(v.cell);
    if v.type in ('integer', 'decimal') and v.cell ~ '^-?[0-9]{1,100}([.][0-9]{1,100})?$' then
      v_value := to_jsonb(v.cell::numeric);
    elsif v.type = 'boolean' then
      v_value := case
        when lower(v.cell) in ('true', 'yes', '1') then 'true'
        when lower(v.cell) in ('false', 'no', '0') then 'false'
        else v_value end;
    elsif v.type = 'multiselect' then
      -- As an export writes options that hold commas.
      if v.cell ~ '^\[.*\]$' then
        begin
          v_value := v.cell::jsonb;
        exception when data_exception then
          null;
        end;
      end if;
      if jsonb_typeof(v_value) <> 'array' then
        v_value := to_jsonb(array(select trim(x) from regexp_split_to_table(v.cell, '[,;]') x where trim(x) <> ''));
      end if;
    elsif v.type = 'relation' then
      v_ids := case
        when v.target = 'user' then array(
          select coalesce(u.merged_into_id, u.id) from app.users u where lower(u.email) = lower(v.cell)
           union all
          select u.id from app.users u where u.name = v.cell and u.email is null and v.cell !~ '@')
        when v.target = 'organization' then array(select o.id from app.organizations o where lower(o.name) = lower(v.cell))
        when v.target = 'ticket' then array(select t.id from app.tickets t where t.external_id = v.cell and t.deleted_at is null)
        else coalesce(
          nullif(array(
            select r.id from app.object_records r join app.object_types t on t.id = r.object_type_id
             where 'object:' || t.key = v.target and r.external_key = v.cell), '{}'),
          array(
            select r.id from app.object_records r join app.object_types t on t.id = r.object_type_id
             where 'object:' || t.key = v.target and r.sort_name = lower(v.cell)))
        end;
      if cardinality(v_ids) <> 1 and v.target = 'ticket' and p_later then
        continue;
      elsif cardinality(v_ids) <> 1 then
        v_problems := v_problems || format('custom.%s: there %s ''%s''', v.key,
          case cardinality(v_ids) when 0 then format('is no %s', split_part(v.target, ':', -1)) else 'is more than one' end, v.cell);
        continue;
      end if;
      v_value := to_jsonb(v_ids[1]);
    end if;
    v_custom := v_custom || jsonb_build_object(v.key, v_value);
  end loop;
  return jsonb_build_object('custom', v_custom, 'problems', v_problems);
end
$$;

-- TK403 unless the caller is an administrator, or the command runs as the owner.
create function api._need_importer()
  returns void
  language plpgsql stable
  set search_path = ''
as $$
begin
  if autocrm.actor_id() is null and pg_has_role(session_user, 'autocrm_owner', 'member') then
    return;
  end if;
  perform api._need_admin('import tickets');
end
$$;

-- Definer: only an import writes times of the past. Beside what create_ticket takes, p_body has
-- updated_at, first_reply_at, solved_at and closed_at; cells, the custom fields as texts; and exact for a ticket
-- that a desk exported, which comes out as it was whatever the rules of this desk would make of it: then the
-- organization goes by its name, and a requester may have no address.
create function api._import_ticket(p_body jsonb)
  returns bigint
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_times constant text[] := array['created_at', 'updated_at', 'first_reply_at', 'solved_at', 'closed_at'];
  v_exact boolean := coalesce((p_body ->> 'exact')::boolean, false);
  v_cells jsonb := api._import_cells(coalesce(p_body -> 'cells', '{}'), v_exact);
  v_name text := p_body ->> 'organization';
  v_person text := nullif(trim(p_body #>> '{requester,name}'), '');
  v_problems text[] := array(select jsonb_array_elements_text(v_cells -> 'problems'));
  v_body jsonb := p_body - array['updated_at', 'first_reply_at', 'solved_at', 'closed_at', 'cells', 'exact'];
  v_columns jsonb;
  v_detail text;
  v_row app.tickets;
begin
  perform api._need_importer();
  v_problems := v_problems || api._check_times(p_body, v_times[2:]);
  if v_exact then
    v_body := v_body - 'organization';
    if p_body #>> '{requester,email}' is null then
      v_body := v_body - 'requester';
      if v_person is null then
        v_problems := v_problems || 'requester.name: is missing, and so is the address'::text;
      end if;
    end if;
  end if;
  if v_cells -> 'custom' <> '{}' then
    v_body := v_body || jsonb_build_object('custom', v_cells -> 'custom');
  end if;
  begin
    v_columns := api._ticket_columns(v_body, array[
      'subject', 'description', 'description_html', 'requester', 'organization_id', 'status', 'priority', 'type', 'channel', 'team_id',
      'assignee_id', 'tags', 'custom', 'language', 'external_id', 'created_at', 'required_skills', 'preferred_skills', 'form_id'], true);
  exception when sqlstate 'TK422' then
    -- All problems of the row at once.
    get stacked diagnostics v_detail = pg_exception_detail;
    v_problems := string_to_array(v_detail, e'\n') || v_problems;
  end;
  if v_problems <> '{}' then
    perform api._refuse('The ticket cannot be saved as it is', v_problems);
  end if;
  if v_body ? 'requester' then
    v_columns := v_columns || jsonb_build_object('requester_id', api._requester(v_body -> 'requester'));
  else
    select u.id into v_row.requester_id
      from app.users u
     where u.name = v_person and u.email is null and u.role = 'customer' and u.active
     order by u.id limit 1;
    if v_row.requester_id is null then
      insert into app.users (role, name) values ('customer', left(v_person, 200)) returning id into v_row.requester_id;
    end if;
    v_columns := v_columns || jsonb_build_object('requester_id', v_row.requester_id);
  end if;
  if v_exact and v_name is not null then
    select o.id into v_row.organization_id from app.organizations o where lower(o.name) = lower(v_name);
    if v_row.organization_id is null then
      insert into app.organizations (name) values (v_name) returning id into v_row.organization_id;
    end if;
    v_columns := v_columns || jsonb_build_object('organization_id', v_row.organization_id);
  end if;
  v_row := jsonb_populate_record(null::app.tickets, v_columns || (
    select jsonb_object_agg(k, api._instant(p_body ->> k)) from unnest(v_times) k));
  v_row.id := nextval(pg_get_serial_sequence('app.tickets', 'id'));
  if v_exact then
    perform autocrm.keep_imported(true);
  end if;
  insert into app.tickets (
    id, subject, description, description_html, requester_id, organization_id, status_id, priority_id, type, channel,
    team_id, assignee_id, tag_ids, custom, required_skills, preferred_skills, language, external_id, form_id,
    created_at, updated_at, first_reply_at, solved_at, closed_at)
  values (
    v_row.id, case when v_exact then v_row.subject else trim(v_row.subject) end, coalesce(v_row.description, ''), v_row.description_html,
    v_row.requester_id, v_row.organization_id, v_row.status_id, v_row.priority_id, coalesce(v_row.type, 'question'),
    coalesce(v_row.channel, 'import'), v_row.team_id, v_row.assignee_id, coalesce(v_row.tag_ids, '{}'), v_cells -> 'custom',
    coalesce(v_row.required_skills, '{}'), coalesce(v_row.preferred_skills, '{}'), v_row.language, v_row.external_id, v_row.form_id,
    v_row.created_at, coalesce(v_row.updated_at, v_row.created_at), v_row.first_reply_at, v_row.solved_at, v_row.closed_at);
  if v_exact then
    perform autocrm.keep_imported(false);
  end if;
  return v_row.id;
end
$$;

-- Definer: see _import_ticket. Once every ticket of an export is there, points one of them to those that came
-- after it, and answers what it could not; nothing of a ticket that was touched meanwhile.
create function api._import_links(p_body jsonb)
  returns text[]
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_cells jsonb := api._import_cells(p_body -> 'cells', false);
  v_ticket bigint;
  v_there jsonb;
  v record;
begin
  perform api._need_importer();
  select t.id, x.custom into v_ticket, v_there
    from app.tickets t join api.tickets x on x.id = t.id
   where t.external_id = p_body ->> 'external_id' and t.updated_at = coalesce(api._instant(p_body ->> 'updated_at'), t.updated_at);
  if v_ticket is null then
    return '{}';
  end if;
  for v in select key, value from jsonb_each(v_cells -> 'custom') where not v_there ? key
  loop
    -- As a back-fill: nobody has touched the ticket.
    perform autocrm.fill_field(array[v_ticket], v.key, v.value, 0);
  end loop;
  return array(select jsonb_array_elements_text(v_cells -> 'problems'));
end
$$;
