//! Why a ticket went where it went: what was decided at the time, and every rule and every member of
//! its team tried again on the ticket as it is now. Nothing is written.

use crate::cache::{Config, config};
use crate::db;
use crate::error::{fail, native};
use crate::identity::answer;
use crate::routing::custom_value;
use autocrm_core::routing::{Facts, Field, Value};
use serde_json::{Map, Value as Json, json};
use std::borrow::Cow;

/// A ticket as rules see it, read back from its table.
struct Ticket<'a> {
    config: &'a Config,
    /// Text fields by the name that conditions use.
    texts: Map<String, Json>,
    tags: Vec<String>,
    custom: Map<String, Json>,
    team: Option<i64>,
    skills: String,
}

impl Facts for Ticket<'_> {
    fn get(&self, field: &Field) -> Value<'_> {
        match field {
            Field::Custom(key) => custom_value(self.custom.get(key)),
            Field::Tags if self.tags.is_empty() => Value::Absent,
            Field::Tags => Value::List(
                self.tags
                    .iter()
                    .map(|tag| Cow::Borrowed(tag.as_str()))
                    .collect(),
            ),
            other => match self.texts.get(other.name()) {
                Some(Json::String(text)) => Value::Text(Cow::Borrowed(text)),
                _ => Value::Absent,
            },
        }
    }

    fn priority_weight(&self, key: &str) -> Option<f64> {
        self.config
            .priority_by_key(key)
            .map(|p| f64::from(p.weight))
    }
}

// `select autocrm.explain_routing(7)  -- {"decisions": […], "rules": […], "candidates": […]}`
native!(explain_routing, pg_finfo_explain_routing, |fcinfo| {
    // SAFETY: declared STRICT with one bigint argument.
    let id = unsafe { pgrx::fcinfo::pg_getarg::<i64>(fcinfo, 0) }.unwrap_or_default();
    answer(fcinfo, Some(pgrx::JsonB(explain(id))))
});

fn explain(id: i64) -> Json {
    // The caller's own rights decide whether there is such a ticket at all.
    let visible = db::rows_as_caller(
        "select from app.tickets t where t.id = $1",
        &[id.into()],
        |_| Ok(()),
    );
    let config = config();
    let Some(ticket) = visible.first().and_then(|()| read(&config, id)) else {
        fail(
            "TK404",
            &format!("There is no ticket {id} that you can see"),
            None,
            Some("Check the id."),
        );
    };
    let decisions = db::rows(
        "select jsonb_build_object('at', d.at) || d.explanation from app.routing_decisions d
          where d.ticket_id = $1 order by d.at, d.id",
        &[id.into()],
        |row| Ok(row.get::<pgrx::JsonB>(1)?.map(|json| json.0)),
    );
    json!({
        "decisions": decisions,
        "rules": rules(&config, &ticket),
        "candidates": ticket.team.map(|team| members(team, &ticket.skills)).unwrap_or_default(),
    })
}

fn read(config: &Config, id: i64) -> Option<Ticket<'_>> {
    let found = db::rows(
        "select jsonb_build_object(
                  'subject', t.subject, 'description', nullif(t.description, ''), 'status', s.key, 'priority', p.key,
                  'type', t.type, 'channel', t.channel, 'team', m.name, 'assignee', t.assignee_id::text,
                  'language', t.language, 'requester.email', u.email, 'requester.name', u.name, 'organization', o.name),
                array(select g.name from app.tags g where g.id = any (t.tag_ids)),
                t.custom, t.team_id, t.required_skills::text
           from app.tickets t
           join app.statuses s on s.id = t.status_id
           join app.priorities p on p.id = t.priority_id
           join app.users u on u.id = t.requester_id
           left join app.teams m on m.id = t.team_id
           left join app.organizations o on o.id = t.organization_id
          where t.id = $1",
        &[id.into()],
        |row| {
            let object = |json: Option<pgrx::JsonB>| json.and_then(|j| j.0.as_object().cloned()).unwrap_or_default();
            Ok(Ticket {
                config,
                texts: object(row.get(1)?),
                tags: row.get(2)?.unwrap_or_default(),
                custom: object(row.get(3)?),
                team: row.get(4)?,
                skills: row.get(5)?.unwrap_or_default(),
            })
        },
    );
    found.into_iter().next()
}

/// Each rule in its order, with what every test of it found; rules behind one that ends it are not tried.
fn rules(config: &Config, ticket: &Ticket<'_>) -> Vec<Json> {
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
                             when not coalesce(l.on_shift, true) then 'is off shift'
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
