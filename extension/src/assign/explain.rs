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
        "select jsonb_build_object('at', d.at) || d.explanation from app.routing_decisions d
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

/// Everybody in the team, those who could take the ticket first, each with the reason.
fn members(team: i64, skills: &str) -> Vec<Json> {
    db::rows(
        "select x.id, x.name, x.open, x.capacity, x.why is null,
                coalesce(x.why, 'has room: ' || x.open || ' of ' || x.capacity)
           from (select u.id, u.name, coalesce(l.open, 0) as open, u.capacity,
                        case when not u.active then 'may no longer log in'
                             when u.role not in ('agent', 'admin') then 'is no agent'
                             when u.availability <> 'online' then 'is ' || u.availability
                             when p.until_at <= autocrm.now() or p.until_at = p.shift_at then 'is not on shift'
                             when p.shift_at > autocrm.now() then 'is not on shift before ' || p.shift_at
                             when k.missing is not null then 'lacks ' || k.missing
                             when coalesce(l.load, 0) >= u.capacity * 100
                             then 'is full: ' || coalesce(l.load, 0) / 100 || ' of ' || u.capacity
                             when p.next_at > autocrm.now() then 'is not offered more before ' || p.next_at
                        end as why
                   from app.memberships m
                   join app.users u on u.id = m.user_id
                   left join app.agent_loads l on l.user_id = u.id
                   left join app.places p on p.team_id = m.team_id and p.user_id = u.id
                   left join lateral (
                     select string_agg(n.name || ' at level ' || s.value, ', ' order by n.name) as missing
                       from jsonb_each_text($2::jsonb) s
                       join app.skills n on n.id = s.key::bigint
                      where not exists (
                        select from app.agent_skills a
                         where a.user_id = u.id and a.skill_id = n.id and a.level >= s.value::integer)) k on true
                  where m.team_id = $1) x
          order by x.why is not null, x.open::float8 / greatest(x.capacity, 1), x.id",
        &[team.into(), skills.into()],
        |row| {
            Ok(json!({
                "user_id": row.get::<i64>(1)?, "name": row.get::<String>(2)?,
                "open": row.get::<i32>(3)?, "capacity": row.get::<i32>(4)?,
                "fits": row.get::<bool>(5)?, "why": row.get::<String>(6)?,
            }))
        },
    )
}
