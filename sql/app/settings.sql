-- Settings of the desk.

create trigger tg_settings__100_stamp before insert or update on app.settings
  for each row execute function autocrm.tg_stamp();
create trigger tg_settings__500_audit after insert or update or delete on app.settings
  for each row execute function autocrm.tg_audit('singleton');
grant select on app.settings to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst;
select app._grant_columns('{update}', 'settings', 'autocrm_admin', '{singleton}');
create policy everyone_at_the_desk_reads_settings on app.settings
  for select to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst
  using ((select autocrm.actor_id()) is not null and (select app.has_some_scope()));
create policy admins_change_settings on app.settings
  for update to autocrm_admin
  using ((select autocrm.actor_role()) = 'admin');

-- What columns alone cannot say of the rules for files: a type or extension is a word, and a size is one that a store takes.
create function app.settings_problems(p_settings app.settings)
  returns text[]
  language sql immutable
  set search_path = ''
as $$
  select array_remove(array[
    case when array_ndims(p_settings.attachment_types) > 1 or exists (
           select from unnest(p_settings.attachment_types) t where t is null or t !~ '^[^\s/]+/[^\s/]+$')
         then 'attachment_types: must be a list of media types such as image/* or application/pdf' end,
    case when array_ndims(p_settings.attachment_blocked_extensions) > 1 or exists (
           select from unnest(p_settings.attachment_blocked_extensions) e where e is null or e !~ '^[.]?[^\s./\\]+$')
         then 'attachment_blocked_extensions: must be a list of extensions such as exe' end,
    case when p_settings.attachment_max_bytes not between 1 and 107374182400
         then 'attachment_max_bytes: must be a whole number from 1 to 107374182400' end], null)
$$;
grant execute on function app.settings_problems(app.settings) to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_customer;

create function app.tg_settings__check()
  returns trigger
  language plpgsql volatile
  set search_path = ''
as $$
begin
  if app.settings_problems(new) <> '{}' then
    perform autocrm.fail('TK422', 'The settings cannot be changed like this', array_to_string(app.settings_problems(new), e'\n'),
      'Correct each value; nothing was saved.');
  end if;
  return new;
end
$$;
create trigger tg_settings__200_check before update of attachment_types, attachment_blocked_extensions, attachment_max_bytes on app.settings
  for each row execute function app.tg_settings__check();
