-- Rounds of triggers, automations and the clocks of SLA policies.

-- One round; answers whether there may be more to do. Rules act for the desk, and see every ticket. A ticket that is
-- locked for long is set aside.
create function worker.run_rules()
  returns boolean
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
  set lock_timeout = '300ms'
as $$
declare
  v_more boolean := app.run_triggers(200) is not null;
begin
  -- What is due by its time does not wait until no changes come any more; what is only to be counted again does.
  v_more := app.run_automations(20) > 0 or v_more;
  v_more := app.run_sla(20) > 0 or v_more;
  return v_more or app.backfill_automations(500) > 0 or app.backfill_sla(20) > 0;
end
$$;
