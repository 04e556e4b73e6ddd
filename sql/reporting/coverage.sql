-- When the coming seven days leave a team open with nobody on shift: once for anybody at all (skill NULL), and
-- once for each skill that somebody of the team has.
create view reporting.coverage_gaps with (security_invoker = true) as
select t.id as team_id, t.name as team, k.id as skill_id, k.name as skill,
       (g.gap ->> 'from')::timestamptz as starts_at, (g.gap ->> 'to')::timestamptz as ends_at
  from app.teams t
  cross join lateral (
    select null::bigint as id, null::text as name
    union all
    select s.id, s.name
      from app.skills s
     where exists (
       select from app.agent_skills a
         join app.memberships m on m.user_id = a.user_id
        where a.skill_id = s.id and m.team_id = t.id)
  ) k
  cross join lateral json_array_elements(autocrm.coverage(t.id, autocrm.now(), k.id, 1) -> 'uncovered') g (gap)
 where t.active;
comment on view reporting.coverage_gaps is
  'Hours of the next seven days in which a team is open and no agent (with the skill, where one is named) is on shift. Example: select team, skill, starts_at, ends_at from reporting.coverage_gaps order by starts_at';
comment on column reporting.coverage_gaps.team_id is 'The team: reporting.teams.id.';
comment on column reporting.coverage_gaps.team is 'Name of the team.';
comment on column reporting.coverage_gaps.skill_id is 'The skill that nobody on shift has: app.skills.id; NULL when nobody at all is on shift.';
comment on column reporting.coverage_gaps.skill is 'Name of the skill.';
comment on column reporting.coverage_gaps.starts_at is 'Begin of the gap.';
comment on column reporting.coverage_gaps.ends_at is 'End of the gap.';
