-- Statuses are configuration (see configuration.sql). Here is what the desk's own rules need of them.

-- A ticket in one of these is work to do. A view, so that a query plans as though it said so itself.
create view app.open_statuses with (security_invoker = true) as
select s.id from app.statuses s where s.category not in ('solved', 'closed');
comment on view app.open_statuses is 'Statuses of tickets that are work to do: neither solved nor closed.';
grant select on app.open_statuses to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst, autocrm_customer;

-- The status that a ticket gets when it becomes new, is opened, solved or closed without a status being named.
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
