-- Priorities are configuration (see configuration.sql); customers read them too.

create policy customers_read_priorities on app.priorities
  for select to autocrm_customer
  using ((select autocrm.actor_id()) is not null);
