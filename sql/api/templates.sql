-- Values of the templates of macros: as data for conditions, and as shown to the reader.

-- A point in time by a clock, and whose clock it is.
create function api._readable(p_at timestamptz, p_zone text)
  returns text
  language plpgsql stable
  set search_path = ''
as $$
begin
  return to_char(p_at at time zone p_zone, 'YYYY-MM-DD HH24:MI') || format(' (%s)', p_zone);
exception when invalid_parameter_value then
  return to_char(p_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI (UTC)');
end
$$;

-- The time zone of the reader of a message: the requester's for a reply, the writer's for a note. Without one, that of
-- the team's schedule, or of the first schedule.
create function api._reader_zone(p_ticket_id bigint, p_kind text)
  returns text
  language sql stable
  set search_path = ''
as $$
  select coalesce(
    (select nullif(u.time_zone, 'UTC') from app.users u
      where u.id = case p_kind when 'note' then autocrm.actor_id() else (select t.requester_id from app.tickets t where t.id = p_ticket_id) end),
    (select s.time_zone from app.tickets t join app.teams m on m.id = t.team_id join app.schedules s on s.id = m.schedule_id where t.id = p_ticket_id),
    (select s.time_zone from app.schedules s order by s.id limit 1),
    'UTC')
$$;

-- A custom field's value for display: labels instead of keys, names instead of ids. NULL: as it is.
create function api._shown_value(p_field app.custom_fields, p_value jsonb, p_zone text)
  returns text
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_id bigint;
begin
  case p_field.type::text
    when 'dropdown', 'multiselect' then
      return (
        select string_agg(coalesce(o.value ->> 'label', o.value ->> 'value', o.value #>> '{}', v.value #>> '{}'), ', ' order by v.n)
          from jsonb_array_elements(case jsonb_typeof(p_value) when 'array' then p_value else jsonb_build_array(p_value) end) with ordinality v (value, n)
          left join jsonb_array_elements(p_field.config -> 'options') o (value) on v.value = coalesce(o.value -> 'value', o.value));
    when 'datetime' then
      return api._readable((p_value #>> '{}')::timestamptz, p_zone);
    when 'relation' then
      v_id := (p_value #>> '{}')::bigint;
      case p_field.config ->> 'target'
        when 'user' then return (select u.name from app.users u where u.id = v_id);
        when 'organization' then return (select o.name from app.organizations o where o.id = v_id);
        when 'ticket' then return '#' || v_id;
        else return (select r.name from app.object_records r where r.id = v_id);
      end case;
    else
      return null;
  end case;
-- From before the field had this type.
exception when data_exception then
  return null;
end
$$;

-- The values of a template, as far as the caller may see them; shown: the same for display.
create function api._template_values(p_ticket_id bigint, p_kind text default 'reply')
  returns jsonb
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_zone text := api._reader_zone(p_ticket_id, p_kind);
begin
  return (select jsonb_build_object(
    'ticket', to_jsonb(t) || jsonb_build_object('team', t.team ->> 'name'),
    'requester', jsonb_build_object('name', t.requester ->> 'name', 'first_name', split_part(trim(t.requester ->> 'name'), ' ', 1), 'email', t.requester ->> 'email'),
    'organization', t.organization,
    'assignee', (select jsonb_build_object('name', u.name, 'first_name', split_part(trim(u.name), ' ', 1), 'email', u.email)
                   from app.users u where u.id = (t.assignee ->> 'id')::bigint),
    'agent', (select jsonb_build_object('name', u.name, 'first_name', split_part(trim(u.name), ' ', 1), 'email', u.email, 'phone', u.phone)
                from app.users u where u.id = autocrm.actor_id()),
    'shown', jsonb_build_object(
      'ticket.created_at', api._readable(t.created_at, v_zone),
      'ticket.solved_at', api._readable(t.solved_at, v_zone),
      'ticket.status', (select s.label from app.statuses s where s.key = t.status),
      'ticket.priority', (select p.label from app.priorities p where p.key = t.priority))
      || coalesce((
        select jsonb_object_agg('ticket.custom.' || f.key, api._shown_value(f, c.value, v_zone))
          from jsonb_each(t.custom) c
          join app.custom_fields f on f.key = c.key), '{}'))
    from api.tickets t
   where t.id = p_ticket_id);
end
$$;
