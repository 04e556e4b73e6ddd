-- Grants on the native functions. Run by the migrating superuser, who owns the extension.
revoke all on schema autocrm from public;
grant usage on schema autocrm to
  autocrm_owner, autocrm_admin, autocrm_agent, autocrm_integration, autocrm_customer, autocrm_analyst, autocrm_api;
grant execute on all functions in schema autocrm to autocrm_owner;

grant execute on function
  autocrm.now(), autocrm.actor_id(), autocrm.actor_api_key_id(), autocrm.actor_role(), autocrm.actor_team_ids(),
  autocrm.actor_sees_all(), autocrm.actor_has_scope(text), autocrm.has_written(bigint), autocrm.fail(text, text, text, text),
  autocrm.sanitize_html(text), autocrm.html_to_text(text), autocrm.validate_fields(jsonb, text),
  autocrm.check_conditions(jsonb), autocrm.check_actions(jsonb),
  autocrm.tag_names(bigint[]), autocrm.condition_sql(jsonb), autocrm.condition_statuses(jsonb), autocrm.holds(bigint, jsonb),
  autocrm.test(jsonb, jsonb), autocrm.condition_schema(), autocrm.actor_class(), autocrm.outsiders(text, text[]),
  autocrm.hidden_fields(), autocrm.parts_fields(), autocrm.sort_key(jsonb, text)
  to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_customer, autocrm_analyst, autocrm_api;
grant execute on function
  autocrm.business_seconds(timestamptz, timestamptz, bigint), autocrm.is_open(bigint, timestamptz),
  autocrm.next_open(bigint, timestamptz), autocrm.closes_at(bigint, timestamptz),
  autocrm.add_business(timestamptz, bigint, bigint), autocrm.coverage(bigint, timestamptz, bigint, integer)
  to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst;
-- It takes SQL, from functions of schema api alone: called by anybody else it is TK403.
grant execute on function autocrm.page(text, jsonb, integer, text)
  to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_customer;
grant execute on function autocrm.validate_record(bigint, jsonb) to autocrm_admin, autocrm_agent, autocrm_integration;
grant execute on function autocrm.html_mentions(text) to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_customer;
grant execute on function autocrm.redact_message(bigint, text) to autocrm_admin, autocrm_agent, autocrm_integration;
grant execute on function autocrm.search_plan(text), autocrm.edit_distance(text, text) to autocrm_admin, autocrm_agent, autocrm_integration;
grant execute on function autocrm.render_template(text, jsonb, boolean) to autocrm_admin, autocrm_agent, autocrm_integration;
grant execute on function autocrm.verify_audit() to autocrm_admin;
grant execute on function autocrm.explain_routing(bigint), autocrm.matching_rules(bigint) to autocrm_admin, autocrm_agent, autocrm_analyst;
grant execute on function autocrm.simulate_routing(jsonb, timestamptz, timestamptz) to autocrm_admin;
grant execute on function autocrm.recount_loads() to autocrm_admin;
grant execute on function autocrm.seal_audit() to autocrm_api;
