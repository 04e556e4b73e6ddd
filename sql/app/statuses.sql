-- Statuses are configuration (see configuration.sql). Here are lookups by category.

-- A ticket in one of these is open work. A view, since it is expanded into the query and costs no index.
create view app.open_statuses with (security_invoker = true) as
select s.id from app.statuses s where s.category not in ('solved', 'closed');
comment on view app.open_statuses is 'Statuses of tickets that are work to do: neither solved nor closed.';
grant select on app.open_statuses to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst, autocrm_customer;

-- The status for a ticket that is created, reopened, solved or closed without naming one.
create function app.first_status(p_category app.status_category)
  returns bigint
  language sql stable
  set search_path = ''
as $$
  select s.id from app.statuses s where s.category = p_category and s.active order by s.position, s.id limit 1
$$;
comment on function app.first_status(app.status_category) is 'The first active status of a category, by position; NULL without one. Example: select app.first_status(''solved'')';
grant execute on function app.first_status(app.status_category) to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_customer;

-- Customers see the statuses of their tickets.
create policy customers_read_statuses on app.statuses
  for select to autocrm_customer
  using ((select autocrm.actor_id()) is not null);

-- Statuses and priorities that the desk itself gives to tickets: a new one and a follow-up are new, a reply or an agent
-- opens one again, solving solves and a merge closes it; a ticket always has a priority. Without an active one of each
-- nobody could do so any more. Asked at the end of a statement, which may put another in the place of the last. Definer: it
-- counts what others do at the same time, one after the other.
create function app.tg_needed__kept()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_category text;
begin
  perform pg_advisory_xact_lock('app.statuses'::regclass::oid::integer, 0);
  if tg_table_name = 'statuses' then
    select w.category::text into v_category from was w
     where w.active and w.category in ('new', 'open', 'solved', 'closed')
       and not exists (select from app.statuses s where s.active and s.category = w.category)
     order by w.category limit 1;
    if found then
      perform autocrm.fail('TK409', format('This is the last active status of the category %s, and tickets need one: %s', v_category, case v_category
        when 'new' then 'every new ticket begins in it' when 'open' then 'tickets are opened again with it'
        when 'solved' then 'tickets are solved with it' else 'merged tickets are closed with it' end), null,
        format('Add another status of the category %s first, or activate one; nothing was saved.', v_category));
    end if;
  elsif exists (select from was w where w.active) and not exists (select from app.priorities p where p.active) then
    perform autocrm.fail('TK409', 'This is the last active priority, and every ticket has one', null,
      'Add another priority first, or activate one; nothing was saved.');
  end if;
  return null;
end
$$;
create trigger tg_statuses__650_kept after update on app.statuses
  referencing old table as was for each statement execute function app.tg_needed__kept();
create trigger tg_statuses__651_kept after delete on app.statuses
  referencing old table as was for each statement execute function app.tg_needed__kept();
create trigger tg_priorities__650_kept after update on app.priorities
  referencing old table as was for each statement execute function app.tg_needed__kept();
create trigger tg_priorities__651_kept after delete on app.priorities
  referencing old table as was for each statement execute function app.tg_needed__kept();
