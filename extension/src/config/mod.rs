//! The desk's configuration, compiled once per backend. A write to a configuration table invalidates the table's
//! relcache entry, and Postgres' own invalidation tells every backend at commit.

pub mod fields;
pub mod forms;
pub mod invalidate;
pub mod names;
pub mod objects;
pub mod relations;
pub mod rules;
pub mod schedules;
pub mod shown;
pub mod sight;
pub mod sla;
pub mod statuses;
pub mod tags;
pub mod teams;

use crate::pg::cached::{Kept, Of};
use crate::pg::db;
use autocrm_core::assign::SLOT;
use autocrm_core::conditions::Field as Asked;
use autocrm_core::fields::Field;
use autocrm_core::rules::{Rule, Rules};
use autocrm_core::schedule::Schedule;
use forms::Form;
use objects::ObjectType;
use schedules::Schedules;
use shown::Shown;
use sight::Sight;
use sla::Policy;
use statuses::{Priority, Status, Transition};
use std::cell::OnceCell;
use std::collections::HashMap;
use std::rc::Rc;
use teams::Manner;

#[derive(Debug)]
pub struct Config {
    pub statuses: Vec<Status>,
    pub priorities: Vec<Priority>,
    pub transitions: Vec<Transition>,
    pub fields: Vec<Field>,
    /// Who sees which field, inactive ones included.
    pub sight: Sight,
    pub rules: Rules,
    pub teams: HashMap<String, i64>,
    pub skills: HashMap<String, i64>,
    pub rules_ask_tags: bool,
    pub manners: HashMap<i64, Manner>,
    pub channel_loads: HashMap<String, i32>,
    /// Read on first use: most backends never use one.
    schedules: OnceCell<Schedules>,
    /// Read on first use, like the schedules: only the worker uses them.
    triggers: OnceCell<Rules>,
    automations: OnceCell<Vec<Rule>>,
    sla_policies: OnceCell<Vec<Policy>>,
    /// Read on first use too: many desks have none.
    objects: OnceCell<HashMap<i64, ObjectType>>,
    relations: OnceCell<HashMap<String, i64>>,
    forms: OnceCell<HashMap<i64, Form>>,
    shown: OnceCell<Shown>,
}

impl Config {
    pub fn manner(&self, team: i64) -> Manner {
        self.manners.get(&team).copied().unwrap_or_default()
    }

    /// The load of a ticket, in hundredths of a slot.
    pub fn load_of(&self, priority: Option<i64>, channel: &str) -> i32 {
        let priority = priority
            .and_then(|id| self.priorities.iter().find(|p| p.id == id))
            .map_or(100, |p| p.load_percent);
        let channel = self.channel_loads.get(channel).copied().unwrap_or(100);
        (SLOT * priority / 100 * channel / 100).max(1)
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

    pub fn triggers(&self) -> &Rules {
        self.triggers.get_or_init(|| Rules::new(rules::triggers()))
    }

    pub fn automations(&self) -> &[Rule] {
        self.automations.get_or_init(rules::automations)
    }

    pub fn sla_policies(&self) -> &[Policy] {
        self.sla_policies.get_or_init(sla::policies)
    }

    pub fn objects(&self) -> &HashMap<i64, ObjectType> {
        self.objects.get_or_init(objects::load)
    }

    /// The fields of tickets that point to records, by key.
    pub fn relations(&self) -> &HashMap<String, i64> {
        self.relations.get_or_init(relations::load)
    }

    pub fn forms(&self) -> &HashMap<i64, Form> {
        self.forms.get_or_init(|| forms::load(&self.fields))
    }

    pub fn shown(&self) -> &Shown {
        self.shown.get_or_init(shown::load)
    }

    fn schedules(&self) -> &Schedules {
        self.schedules.get_or_init(schedules::load)
    }

    /// The fields of tickets, with the settings of this form.
    pub fn fields_of(&self, form: Option<i64>) -> &[Field] {
        form.and_then(|id| self.forms().get(&id))
            .map_or(&self.fields, |form| &form.fields)
    }

    pub fn form_by_name(&self, name: &str) -> Option<i64> {
        let name = name.to_lowercase();
        self.forms()
            .iter()
            .find_map(|(id, form)| (form.active && form.name.to_lowercase() == name).then_some(*id))
    }

    pub fn team_name(&self, id: i64) -> Option<&str> {
        self.teams
            .iter()
            .find_map(|(name, team)| (*team == id).then_some(name.as_str()))
    }
}

thread_local! {
    static CONFIG: Kept<Config> = const { Kept::new(Of::Config) };
}

/// The configuration as this transaction sees it.
pub fn config() -> Rc<Config> {
    CONFIG.with(|config| config.get(load))
}

fn load() -> Config {
    let rules = Rules::new(rules::routing_rules());
    Config {
        statuses: statuses::statuses(),
        priorities: statuses::priorities(),
        transitions: statuses::transitions(),
        fields: fields::of_tickets(),
        sight: sight::load(),
        rules_ask_tags: rules.ask(&Asked::Tags),
        rules,
        teams: names("select lower(name), id from app.teams where active"),
        skills: names("select lower(name), id from app.skills"),
        manners: teams::manners(),
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
        sla_policies: OnceCell::new(),
        objects: OnceCell::new(),
        relations: OnceCell::new(),
        forms: OnceCell::new(),
        shown: OnceCell::new(),
    }
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
