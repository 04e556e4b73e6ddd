//! The desk's configuration, compiled once per backend. A write to a configuration table invalidates
//! the table's relcache entry, and Postgres' own invalidation tells every backend at commit.

pub mod names;

use crate::pg::cached::{Kept, Of};
use crate::pg::call::answer;
use crate::pg::db;
use crate::pg::error::native;
use crate::pg::json::Held;
use crate::pg::trigger::{Trigger, done, trigger};
use crate::tickets::forms::Form;
use crate::tickets::objects::ObjectType;
use autocrm_core::actions::parse_actions;
use autocrm_core::assign::{SLOT as PLACE, Strategy, Terms};
use autocrm_core::conditions::{Field, stored_conditions};
use autocrm_core::fields::{self, Definition};
use autocrm_core::rules as routing;
use autocrm_core::schedule::{self, Schedule};
use pgrx::pg_sys;
use pgrx::prelude::*;
use std::cell::{OnceCell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

#[derive(Debug, Clone)]
pub struct Status {
    pub id: i64,
    pub key: String,
    pub category: String,
    /// A status out of use still says what the tickets in it are.
    pub active: bool,
}

impl Status {
    /// Whether a ticket in this status takes up a place of its assignee.
    pub fn is_work(&self) -> bool {
        !self.is_done()
    }

    pub fn is_done(&self) -> bool {
        matches!(self.category.as_str(), "solved" | "closed")
    }
}

#[derive(Debug)]
pub struct Priority {
    pub id: i64,
    pub key: String,
    pub weight: i32,
    pub load_percent: i32,
}

/// How a team gives its agents work.
#[derive(Debug, Default, Clone, Copy)]
pub struct Manner {
    pub strategy: Strategy,
    pub terms: Terms,
}

#[derive(Debug)]
pub struct Transition {
    pub team_id: Option<i64>,
    pub from: i64,
    pub to: i64,
}

/// Which fields some role may not see, and where their values are.
#[derive(Debug, Default)]
pub struct Sight {
    /// By role, the keys hidden from it.
    hidden: HashMap<String, Vec<String>>,
    /// Keys whose values belong into `app.ticket_field_values`.
    restricted: HashSet<String>,
    /// Keys whose values may be there, those on their way back too.
    apart: HashSet<String>,
    /// Keys that an index finds.
    indexed: HashSet<String>,
}

impl Sight {
    /// The fields that this role may not see; whoever has none acts for the desk.
    pub fn hidden(&self, role: Option<&str>) -> &[String] {
        role.and_then(|role| self.hidden.get(role))
            .map_or(&[], Vec::as_slice)
    }

    pub fn is_restricted(&self, key: &str) -> bool {
        self.restricted.contains(key)
    }

    pub fn restricted(&self) -> Vec<String> {
        self.restricted.iter().cloned().collect()
    }

    pub fn is_apart(&self, key: &str) -> bool {
        self.apart.contains(key)
    }

    pub fn is_indexed(&self, key: &str) -> bool {
        self.indexed.contains(key)
    }

    /// Whether any ticket may have values beside its row.
    pub fn parts(&self) -> bool {
        !self.apart.is_empty()
    }
}

#[derive(Debug)]
pub struct Config {
    pub statuses: Vec<Status>,
    pub priorities: Vec<Priority>,
    pub transitions: Vec<Transition>,
    pub fields: Vec<fields::Field>,
    /// Who sees which field, those out of use too.
    pub sight: Sight,
    pub rules: routing::Rules,
    pub teams: HashMap<String, i64>,
    pub skills: HashMap<String, i64>,
    pub rules_ask_tags: bool,
    pub manners: HashMap<i64, Manner>,
    pub channel_loads: HashMap<String, i32>,
    /// Read when somebody first asks for one: most backends never do.
    schedules: OnceCell<Schedules>,
    /// As the schedules: only the worker asks for them.
    triggers: OnceCell<routing::Rules>,
    automations: OnceCell<Vec<routing::Rule>>,
    /// These too wait until somebody asks: many desks have none.
    objects: OnceCell<HashMap<i64, ObjectType>>,
    relations: OnceCell<HashMap<String, i64>>,
    forms: OnceCell<HashMap<i64, Form>>,
}

#[derive(Debug, Default)]
struct Schedules {
    by_id: HashMap<i64, Rc<Schedule>>,
    /// In lower case.
    ids: HashMap<String, i64>,
}

impl Config {
    pub fn manner(&self, team: i64) -> Manner {
        self.manners.get(&team).copied().unwrap_or_default()
    }

    /// What a ticket takes up, in hundredths of a place.
    pub fn load_of(&self, priority: Option<i64>, channel: &str) -> i32 {
        let priority = priority
            .and_then(|id| self.priorities.iter().find(|p| p.id == id))
            .map_or(100, |p| p.load_percent);
        let channel = self.channel_loads.get(channel).copied().unwrap_or(100);
        (PLACE * priority / 100 * channel / 100).max(1)
    }

    pub fn status(&self, id: i64) -> Option<&Status> {
        self.statuses.iter().find(|s| s.id == id)
    }

    pub fn status_by_key(&self, key: &str) -> Option<&Status> {
        self.statuses.iter().find(|s| s.active && s.key == key)
    }

    pub fn first_status(&self, category: &str) -> Option<&Status> {
        self.statuses
            .iter()
            .find(|s| s.active && s.category == category)
    }

    pub fn priority_by_key(&self, key: &str) -> Option<&Priority> {
        self.priorities.iter().find(|p| p.key == key)
    }

    /// The id of a schedule by its name in lower case.
    pub fn schedule_id(&self, name: &str) -> Option<i64> {
        self.schedules().ids.get(name).copied()
    }

    pub fn schedule(&self, id: i64) -> Option<Rc<Schedule>> {
        self.schedules().by_id.get(&id).cloned()
    }

    pub fn triggers(&self) -> &routing::Rules {
        self.triggers
            .get_or_init(|| routing::Rules::new(rules_of(rules!("triggers", "false"))))
    }

    pub fn automations(&self) -> &[routing::Rule] {
        self.automations
            .get_or_init(|| rules_of(rules!("automations", "false")))
    }

    pub fn objects(&self) -> &HashMap<i64, ObjectType> {
        self.objects.get_or_init(crate::tickets::objects::load)
    }

    /// The fields of tickets that point to records, by key.
    pub fn relations(&self) -> &HashMap<String, i64> {
        self.relations.get_or_init(crate::tickets::relations::load)
    }

    pub fn forms(&self) -> &HashMap<i64, Form> {
        self.forms
            .get_or_init(|| crate::tickets::forms::load(&self.fields))
    }

    fn schedules(&self) -> &Schedules {
        self.schedules.get_or_init(load_schedules)
    }

    pub fn team_name(&self, id: i64) -> Option<&str> {
        self.teams
            .iter()
            .find_map(|(name, team)| (*team == id).then_some(name.as_str()))
    }
}

/// Names by id.
type TagNames = RefCell<HashMap<i64, Rc<str>>>;

thread_local! {
    static CONFIG: Kept<Config> = const { Kept::new(Of::Config) };
    /// Filled as tags are met: a desk may have thousands, and makes new ones all day.
    static TAGS: Kept<TagNames> = const { Kept::new(Of::Tags) };
}

/// Names of tags, in alphabetical order.
pub fn tag_names(ids: &[i64]) -> Vec<Rc<str>> {
    let tags = TAGS.with(|tags| tags.get(RefCell::default));
    let unknown: Vec<i64> = {
        let known = tags.borrow();
        let unknown = ids.iter().filter(|id| !known.contains_key(id));
        unknown.copied().collect()
    };
    if !unknown.is_empty() {
        let found = db::rows(
            "select id, name from app.tags where id = any ($1)",
            &[unknown.into()],
            |row| {
                Ok((
                    row.get::<i64>(1)?.unwrap_or_default(),
                    row.get::<String>(2)?.unwrap_or_default(),
                ))
            },
        );
        let found = found.into_iter().map(|(id, name)| (id, Rc::from(name)));
        tags.borrow_mut().extend(found);
    }
    let known = tags.borrow();
    let mut names: Vec<Rc<str>> = ids.iter().filter_map(|id| known.get(id).cloned()).collect();
    names.sort_unstable();
    names
}

// `select autocrm.tag_names(array[3, 1])  -- {billing,vip}`
native!(tag_names_wrapper, pg_finfo_tag_names_wrapper, |fcinfo| {
    let (ids,): (Vec<Option<i64>>,) = crate::pg::call::args(fcinfo);
    let ids: Vec<i64> = ids.into_iter().flatten().collect();
    // As the policy of app.tags says: staff and integrations read them, nobody else.
    let actor = crate::identity::actor();
    if ids.is_empty() || actor.user_id.is_none() || actor.is_customer() {
        return answer(fcinfo, Some(Vec::<String>::new()));
    }
    let names: Vec<String> = tag_names(&ids).iter().map(ToString::to_string).collect();
    answer(fcinfo, Some(names))
});

/// The configuration as this transaction sees it.
pub fn config() -> Rc<Config> {
    CONFIG.with(|config| config.get(load))
}

fn load() -> Config {
    let rules = routing::Rules::new(load_rules());
    Config {
        statuses: db::rows(
            "select id, key, category::text, active from app.statuses order by position, id",
            &[],
            |row| {
                Ok(Status {
                    id: row.get(1)?.unwrap_or_default(),
                    key: row.get(2)?.unwrap_or_default(),
                    category: row.get(3)?.unwrap_or_default(),
                    active: row.get(4)?.unwrap_or(false),
                })
            },
        ),
        priorities: db::rows(
            "select id, key, weight, load_percent from app.priorities where active order by weight",
            &[],
            |row| {
                Ok(Priority {
                    id: row.get(1)?.unwrap_or_default(),
                    key: row.get(2)?.unwrap_or_default(),
                    weight: row.get(3)?.unwrap_or_default(),
                    load_percent: row.get(4)?.unwrap_or(100),
                })
            },
        ),
        transitions: db::rows(
            "select team_id, from_status_id, to_status_id from app.status_transitions",
            &[],
            |row| {
                Ok(Transition {
                    team_id: row.get(1)?,
                    from: row.get(2)?.unwrap_or_default(),
                    to: row.get(3)?.unwrap_or_default(),
                })
            },
        ),
        fields: load_fields(),
        sight: load_sight(),
        rules_ask_tags: rules.ask(&Field::Tags),
        rules,
        teams: names("select lower(name), id from app.teams where active"),
        skills: names("select lower(name), id from app.skills"),
        manners: load_manners(),
        channel_loads: db::rows(
            "select channel::text, load_percent from app.channel_loads",
            &[],
            |row| {
                Ok((
                    row.get::<String>(1)?.unwrap_or_default(),
                    row.get::<i32>(2)?.unwrap_or(100),
                ))
            },
        )
        .into_iter()
        .collect(),
        schedules: OnceCell::new(),
        triggers: OnceCell::new(),
        automations: OnceCell::new(),
        objects: OnceCell::new(),
        relations: OnceCell::new(),
        forms: OnceCell::new(),
    }
}

fn load_manners() -> HashMap<i64, Manner> {
    db::rows(
        "select id, balancing, fair_count, fair_minutes, ramp_minutes, wrap_up_seconds from app.teams",
        &[],
        |row| {
            let count = row
                .get::<i32>(3)?
                .and_then(|count| usize::try_from(count).ok());
            let manner = Manner {
                strategy: row
                    .get::<String>(2)?
                    .and_then(|name| Strategy::parse(&name))
                    .unwrap_or_default(),
                terms: Terms {
                    fair: count.zip(row.get::<i32>(4)?.map(i64::from)),
                    ramp_minutes: row.get::<i32>(5)?.map(i64::from),
                    wrap_up_seconds: row.get::<i32>(6)?.map(i64::from).unwrap_or_default(),
                },
            };
            Ok((row.get::<i64>(1)?.unwrap_or_default(), manner))
        },
    )
    .into_iter()
    .collect()
}

fn names(sql: &'static str) -> HashMap<String, i64> {
    db::rows(sql, &[], |row| {
        Ok((
            row.get(1)?.unwrap_or_default(),
            row.get(2)?.unwrap_or_default(),
        ))
    })
    .into_iter()
    .collect()
}

/// The rules of a table that are in use, in their order.
macro_rules! rules {
    ($table:literal, $stop:literal) => {
        concat!(
            "select id, name, conditions, actions, ",
            $stop,
            " from app.",
            $table,
            " where enabled order by position, id"
        )
    };
}
use rules;

pub fn load_rules() -> Vec<routing::Rule> {
    rules_of(rules!("routing_rules", "stop"))
}

fn rules_of(sql: &'static str) -> Vec<routing::Rule> {
    let rows = db::rows(sql, &[], |row| {
        Ok((
            row.get::<i64>(1)?.unwrap_or_default(),
            row.get::<String>(2)?.unwrap_or_default(),
            row.get::<Held>(3)?.map(|j| j.0).unwrap_or_default(),
            row.get::<Held>(4)?.map(|j| j.0).unwrap_or_default(),
            row.get::<bool>(5)?.unwrap_or(true),
        ))
    });
    rows.into_iter()
        .filter_map(|(id, name, conditions, actions, stop)| {
            let (Ok(conditions), Ok(actions)) =
                (stored_conditions(&conditions), parse_actions(&actions))
            else {
                // Rows are checked when written, so this is a rule from before a change of the language.
                warning!("rule {id} '{name}' is left out: it can no longer be read");
                return None;
            };
            Some(routing::Rule {
                id,
                name,
                conditions,
                actions,
                stop,
            })
        })
        .collect()
}

fn load_schedules() -> Schedules {
    let rows = db::rows(
        "select id, time_zone, weekly, holidays, exceptions, lower(name) from app.schedules",
        &[],
        |row| {
            let json = |i| {
                row.get::<Held>(i)
                    .map(|found| found.map(|j| j.0).unwrap_or_default())
            };
            Ok((
                row.get::<i64>(1)?.unwrap_or_default(),
                row.get::<String>(2)?.unwrap_or_default(),
                [json(3)?, json(4)?, json(5)?],
                row.get::<String>(6)?.unwrap_or_default(),
            ))
        },
    );
    let mut schedules = Schedules::default();
    for (id, time_zone, [weekly, holidays, exceptions], name) in rows {
        let definition = schedule::Definition {
            time_zone: &time_zone,
            weekly: &weekly,
            holidays: &holidays,
            exceptions: &exceptions,
        };
        match Schedule::compile(&definition) {
            Ok(compiled) => {
                schedules.by_id.insert(id, Rc::new(compiled));
            }
            Err(_) => warning!("schedule {id} is left out: it can no longer be read"),
        }
        schedules.ids.insert(name, id);
    }
    schedules
}

fn load_sight() -> Sight {
    let rows = db::rows(
        "select f.key, not f.visible_to @> '{agent,integration,analyst}', f.apart,
                array(select r::text from unnest(enum_range(null::app.user_role)) r where r <> 'admin' and r <> all (f.visible_to)),
                f.filterable and f.active and not f.apart
           from app.custom_fields f order by f.key",
        &[],
        |row| {
            Ok((
                row.get::<String>(1)?.unwrap_or_default(),
                row.get::<bool>(2)?.unwrap_or(false),
                row.get::<bool>(3)?.unwrap_or(false),
                row.get::<Vec<String>>(4)?.unwrap_or_default(),
                row.get::<bool>(5)?.unwrap_or(false),
            ))
        },
    );
    let mut sight = Sight::default();
    for (key, restricted, apart, roles, indexed) in rows {
        for role in roles {
            sight.hidden.entry(role).or_default().push(key.clone());
        }
        if restricted {
            sight.restricted.insert(key.clone());
        }
        if indexed {
            sight.indexed.insert(key.clone());
        }
        if restricted || apart {
            sight.apart.insert(key);
        }
    }
    sight
}

fn load_fields() -> Vec<fields::Field> {
    compile_fields(crate::tickets::fields::OF_TICKETS)
        .into_iter()
        .map(|(_, field)| field)
        .collect()
}

/// Fields with the id of whom they belong to, which comes last.
pub fn compile_fields(sql: &'static str) -> Vec<(i64, fields::Field)> {
    let rows = db::rows(sql, &[], |row| {
        Ok((
            row.get::<i64>(8)?.unwrap_or_default(),
            row.get::<String>(1)?.unwrap_or_default(),
            row.get::<String>(2)?.unwrap_or_default(),
            row.get::<Held>(3)?.map(|j| j.0).unwrap_or_default(),
            (
                row.get::<bool>(4)?.unwrap_or(false),
                row.get::<bool>(5)?.unwrap_or(false),
            ),
            row.get::<Held>(6)?.map(|j| j.0),
            row.get::<Held>(7)?.map(|j| j.0),
        ))
    });
    rows.iter()
        .filter_map(
            |(owner, key, kind, config, required, default, visible_when)| {
                let definition = Definition {
                    key,
                    kind,
                    config,
                    required_on_create: required.0,
                    required_on_solve: required.1,
                    default: default.as_ref(),
                    visible_when: visible_when.as_ref(),
                };
                let field = fields::Field::compile(&definition).ok();
                if field.is_none() {
                    warning!(
                        "custom field {key} is left out: its definition can no longer be read"
                    );
                }
                field.map(|field| (*owner, field))
            },
        )
        .collect()
}

trigger!(tg_invalidate, pg_finfo_tg_invalidate, invalidate);

/// Tells every backend, at commit, to read this configuration table anew, or what is told of by the index that the
/// trigger names.
fn invalidate(trigger: &Trigger) -> pg_sys::Datum {
    match trigger.args().first().map(String::as_str) {
        None => forget(trigger),
        Some("identities") => crate::identity::forget(),
        Some(other) => pgrx::error!("nothing is kept of {other}"),
    }
    done()
}

/// What was compiled from the trigger's table no longer counts: here at once, elsewhere from the commit on.
pub fn forget(trigger: &Trigger) {
    // SAFETY: the relation exists, the trigger is on it.
    unsafe { pg_sys::CacheInvalidateRelcacheByRelid(trigger.relation()) };
}
