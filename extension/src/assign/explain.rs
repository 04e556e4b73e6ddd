//! The explanation of a ticket's routing: the decision of that time, and every rule and every member of its team
//! evaluated again on the ticket as it is now. Nothing is written.

use crate::conditions::stored::Stored;
use crate::config::{Config, config};
use crate::identity::actor;
use crate::pg::call::{answer, args};
use crate::pg::db;
use crate::pg::error::native;
use crate::pg::json::Held;
use serde_json::{Value as Json, json};

// `select autocrm.explain_routing(7)  -- {"decisions": […], "rules": […], "candidates": […]}`
native!(explain_routing, pg_finfo_explain_routing, |fcinfo| {
    let (id,): (i64,) = args(fcinfo);
    answer(fcinfo, Some(pgrx::JsonB(explain(id))))
});

// `select autocrm.matching_rules(7)  -- {3,5}: what the rules of now would say of the ticket of now`
native!(matching_rules, pg_finfo_matching_rules, |fcinfo| {
    let (id,): (i64,) = args(fcinfo);
    let config = config();
    let ticket = Stored::visible(&config, id);
    let matched: Vec<i64> = config
        .rules
        .decide(&ticket)
        .matched
        .iter()
        .map(|rule| rule.id)
        .collect();
    answer(fcinfo, Some(matched))
});

fn explain(id: i64) -> Json {
    let config = config();
    let ticket = Stored::visible(&config, id);
    let decisions = db::rows(
        // Stored by their ids, since skills are renamed.
        "select jsonb_build_object('at', d.at) || d.explanation || jsonb_build_object('candidates', coalesce((
                  select jsonb_agg(c || case when c ? 'lacks' then jsonb_build_object('lacks', coalesce((
                           select jsonb_object_agg(s.name, l.value)
                             from jsonb_each(c -> 'lacks') l join app.skills s on s.id = l.key::bigint), '{}')) else '{}' end
                           order by n)
                    from jsonb_array_elements(d.explanation -> 'candidates') with ordinality x (c, n)), '[]'))
           from app.routing_decisions d
          where d.ticket_id = $1 order by d.at, d.id",
        &[id.into()],
        |row| Ok(row.get::<Held>(1)?.map(|json| json.0)),
    );
    let mut told = json!({
        "decisions": decisions,
        "rules": rules(&config, &ticket),
        "candidates": ticket.team.map(|team| members(team, &ticket.skills)).unwrap_or_default(),
    });
    autocrm_core::fields::conceal(config.sight.hidden(actor().role.as_deref()), &mut told);
    told
}

/// Each rule in its order, with what every test of it found; rules behind one that ends it are not tried.
fn rules(config: &Config, ticket: &Stored<'_>) -> Vec<Json> {
    let mut ended = false;
    config
        .rules
        .in_order()
        .iter()
        .map(|rule| {
            if ended {
                return json!({"id": rule.id, "name": rule.name, "tried": false, "matched": false});
            }
            let matched = rule.conditions.holds(ticket);
            ended = matched && rule.stop;
            json!({
                "id": rule.id, "name": rule.name, "tried": true, "matched": matched, "stops": ended,
                "conditions": rule.conditions.explain(ticket),
            })
        })
        .collect()
}

/// Everybody in the team, those who could take the ticket first, each with the reason: as a word with its values, for
/// programs, and in English.
fn members(team: i64, skills: &str) -> Vec<Option<Json>> {
    db::rows(
        "select jsonb_strip_nulls(jsonb_build_object(
                  'user_id', y.id, 'name', y.name, 'open', y.open, 'capacity', y.capacity,
                  'fits', y.reason = 'has_room', 'reason', y.reason, 'until', y.until, 'lacks', y.lacks,
                  'why', case y.reason
                    when 'has_room' then 'has room: ' || y.open || ' of ' || y.capacity
                    when 'no_log_in' then 'may no longer log in'
                    when 'no_agent' then 'is no agent'
                    when 'off_shift' then 'is not on shift' || coalesce(' before ' || y.until, '')
                    when 'lacks_skills' then 'lacks ' || y.missing
                    when 'full' then 'is full: ' || y.load / 100 || ' of ' || y.capacity
                    when 'paced' then 'is not offered more before ' || y.until
                    else 'is ' || y.reason
                  end))
           from (select x.*,
                        case x.reason when 'off_shift' then x.shift_at when 'paced' then x.next_at end as until,
                        case x.reason when 'lacks_skills' then x.skills end as lacks
                   from (select u.id, u.name, coalesce(l.open, 0) as open, coalesce(l.load, 0) as load, u.capacity,
                                case when p.shift_at > autocrm.now() and p.until_at is distinct from p.shift_at then p.shift_at end as shift_at,
                                p.next_at, k.missing, k.skills,
                                case when not u.active then 'no_log_in'
                                     when u.role not in ('agent', 'admin') then 'no_agent'
                                     when u.availability <> 'online' then u.availability::text
                                     when p.until_at <= autocrm.now() or p.until_at = p.shift_at or p.shift_at > autocrm.now()
                                     then 'off_shift'
                                     when k.missing is not null then 'lacks_skills'
                                     when coalesce(l.load, 0) >= u.capacity * 100 then 'full'
                                     when p.next_at > autocrm.now() then 'paced'
                                     else 'has_room'
                                end as reason
                           from app.memberships m
                           join app.users u on u.id = m.user_id
                           left join app.agent_loads l on l.user_id = u.id
                           left join app.places p on p.team_id = m.team_id and p.user_id = u.id
                           left join lateral (
                             select string_agg(n.name || ' at level ' || s.value, ', ' order by n.name) as missing,
                                    jsonb_object_agg(n.name, s.value::integer) as skills
                               from jsonb_each_text($2::jsonb) s
                               join app.skills n on n.id = s.key::bigint
                              where not exists (
                                select from app.agent_skills a
                                 where a.user_id = u.id and a.skill_id = n.id and a.level >= s.value::integer)) k on true
                          where m.team_id = $1) x) y
          order by y.reason <> 'has_room', y.open::float8 / greatest(y.capacity, 1), y.id",
        &[team.into(), skills.into()],
        |row| Ok(row.get::<Held>(1)?.map(|json| json.0)),
    )
}
