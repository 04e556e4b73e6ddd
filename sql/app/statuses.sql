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
