//! Conditions at the database's side: tickets as conditions see them, the same condition as a SQL predicate,
//! and what an editor may offer.

use crate::config::{Config, config};
use crate::identity::actor;
use crate::pg::call::{Jsonb, answer, args, json as json_of};
use crate::pg::db;
use crate::pg::error::{fail, native, refuse};
use crate::pg::json::Held;
use autocrm_core::conditions::{
    Condition, Domain, Facts, Field, LENGTH, Moment, PARTS, Shape, VALUES, Value, check_conditions,
    operators_of, parse_conditions, quote,
};
use autocrm_core::problem::Problem;
use pgrx::pg_sys;
use pgrx::prelude::*;
use serde_json::{Map, Value as Json, json};
use std::borrow::Cow;
use std::cell::OnceCell;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

pub const TYPES: [&str; 4] = ["question", "incident", "problem", "task"];
const CHANNELS: [&str; 7] = ["web", "email", "api", "phone", "chat", "social", "import"];
const HINT: &str = "Correct each part and try again.";

/// A condition checked against the desk's custom fields and schedules.
pub fn check(json: &Json) -> Result<Condition, Vec<Problem>> {
    let config = config();
    let hidden = config.sight.hidden(actor().role.as_deref());
    let condition = check_conditions(json, &|key| {
        config
            .fields
            .iter()
            .find(|field| field.key == key && !hidden.contains(&field.key))
            .map(autocrm_core::fields::Field::shape)
    })?;
    let unknown: Vec<Problem> = condition
        .schedules()
        .into_iter()
        .filter(|name| config.schedule_id(name).is_none())
        .map(|name| Problem::new("conditions", format!("there is no schedule '{name}'")))
        .collect();
    if unknown.is_empty() {
        Ok(condition)
    } else {
        Err(unknown)
    }
}

fn checked(json: &Json) -> Condition {
    check(json)
        .unwrap_or_else(|problems| refuse("The condition cannot be used as it is", &problems, HINT))
}

/// A custom field's value as conditions see it.
pub fn custom_value(value: Option<&Json>) -> Value<'_> {
    match value {
        Some(Json::String(text)) => Value::Text(Cow::Borrowed(text)),
        Some(Json::Number(number)) => number.as_f64().map_or(Value::Absent, Value::Number),
        Some(Json::Bool(flag)) => Value::Bool(*flag),
        Some(Json::Array(items)) => Value::List(
            items
                .iter()
                .filter_map(Json::as_str)
                .map(Cow::Borrowed)
                .collect(),
        ),
        _ => Value::Absent,
    }
}

/// A moment as conditions count it.
pub fn time(at: Option<TimestampWithTimeZone>) -> Value<'static> {
    at.map_or(Value::Absent, |at| Value::Time(at.into_inner()))
}

/// A ticket read back from its table.
pub struct Stored<'a> {
    pub id: i64,
    config: &'a Config,
    /// Text fields by the name that conditions use.
    texts: Map<String, Json>,
    times: [Option<TimestampWithTimeZone>; 7],
    pub tags: Vec<String>,
    pub custom: Map<String, Json>,
    organization: Map<String, Json>,
    /// Read when somebody first asks: few conditions do.
    message: OnceCell<Message>,
    /// Whether only what the caller may read counts.
    as_caller: bool,
    pub team: Option<i64>,
    pub skills: String,
}

/// The latest reply or note.
#[derive(Default)]
struct Message {
    text: Option<String>,
    kind: Option<String>,
    author: Option<String>,
}

impl Message {
    fn read(row: &pgrx::spi::SpiHeapTupleData<'_>) -> Result<Self, pgrx::spi::Error> {
        Ok(Self {
            text: row.get(1)?,
            kind: row.get(2)?,
            author: row.get(3)?,
        })
    }
}

/// `author`: administrators answer tickets as agents do.
macro_rules! message {
    ($rest:literal) => {
        concat!(
            "select nullif(m.body_text, ''), m.kind::text,
                    (select case when u.role = 'admin' then 'agent' else u.role::text end from app.users u where u.id = m.author_id)
               from app.messages m
              where ",
            $rest
        )
    };
}

const LATEST: &str = message!(
    "m.ticket_id = $1 and m.kind in ('reply', 'note') order by m.created_at desc, m.id desc limit 1"
);

/// Reads stored tickets with this condition on `t`.
macro_rules! stored {
    ($where:literal) => {
        concat!(
            "select jsonb_build_object(
                      'subject', t.subject, 'description', nullif(t.description, ''), 'status', s.key, 'priority', p.key,
                      'type', t.type, 'channel', t.channel, 'team', m.name, 'assignee', t.assignee_id::text,
                      'form', f.name, 'language', t.language, 'requester.email', u.email, 'requester.name', u.name,
                      'requester.locale', u.locale, 'organization', o.name,
                      'requester.side', case when u.role = 'admin' then 'agent' else u.role::text end),
                    array(select g.name from app.tags g where g.id = any (t.tag_ids)),
                    case when autocrm.parts_fields() then t.custom || coalesce((
                      select jsonb_object_agg(v.field_key, v.value) from app.ticket_field_values v where v.ticket_id = t.id), '{}') else t.custom end,
                    t.team_id, t.required_skills::text,
                    t.created_at, t.updated_at, t.first_reply_at, t.solved_at, t.status_at, t.assigned_at,
                    t.requester_replied_at, t.id, o.custom
               from app.tickets t
               join app.statuses s on s.id = t.status_id
               join app.priorities p on p.id = t.priority_id
               join app.users u on u.id = t.requester_id
               left join app.teams m on m.id = t.team_id
               left join app.organizations o on o.id = t.organization_id
               left join app.ticket_forms f on f.id = t.form_id
              where ",
            $where
        )
    };
}

impl<'a> Stored<'a> {
    /// The ticket of this id, whoever may see it.
    pub fn read(config: &'a Config, id: i64) -> Option<Self> {
        let found = db::rows(stored!("t.id = $1"), &[id.into()], |row| {
            Self::from_row(config, row)
        });
        found.into_iter().next()
    }

    /// The ticket of this id, or TK404: the caller's own rights decide whether there is one at all.
    pub fn visible(config: &'a Config, id: i64) -> Self {
        let visible = db::rows_as_caller(
            "select from app.tickets t where t.id = $1",
            &[id.into()],
            |_| Ok(()),
        );
        match visible.first().and_then(|()| Self::read(config, id)) {
            Some(ticket) => Self {
                as_caller: true,
                ..ticket
            },
            None => fail(
                "TK404",
                &format!("There is no ticket {id} that you can see"),
                None,
                Some("Check the id."),
            ),
        }
    }

    /// Tickets made until some time, oldest first, that come after this time and id.
    pub fn made_after(
        config: &'a Config,
        (at, id): (TimestampWithTimeZone, i64),
        to: TimestampWithTimeZone,
        most: i64,
    ) -> Vec<Self> {
        db::rows(
            stored!(
                "(t.created_at, t.id) > ($1, $2) and t.created_at < $3 and t.deleted_at is null order by t.created_at, t.id limit $4"
            ),
            &[at.into(), id.into(), to.into(), most.into()],
            |row| Self::from_row(config, row),
        )
    }

    fn from_row(
        config: &'a Config,
        row: &pgrx::spi::SpiHeapTupleData<'_>,
    ) -> Result<Self, pgrx::spi::Error> {
        let object = |json: Option<Held>| {
            json.and_then(|j| j.0.as_object().cloned())
                .unwrap_or_default()
        };
        Ok(Stored {
            config,
            texts: object(row.get(1)?),
            tags: row.get(2)?.unwrap_or_default(),
            custom: object(row.get(3)?),
            organization: object(row.get(14)?),
            message: OnceCell::new(),
            as_caller: false,
            team: row.get(4)?,
            skills: row.get(5)?.unwrap_or_default(),
            times: [
                row.get(6)?,
                row.get(7)?,
                row.get(8)?,
                row.get(9)?,
                row.get(10)?,
                row.get(11)?,
                row.get(12)?,
            ],
            id: row.get(13)?.unwrap_or_default(),
        })
    }

    pub fn text(&self, name: &str) -> Option<&str> {
        self.texts.get(name)?.as_str()
    }

    /// As it was when it came in, as far as rows remember: nobody had it yet.
    pub fn untouched(mut self) -> Self {
        for gone in ["team", "assignee"] {
            self.texts.remove(gone);
        }
        let new = self
            .config
            .first_status("new")
            .map(|status| status.key.clone());
        self.texts
            .insert("status".into(), new.map_or(Json::Null, Json::String));
        self.team = None;
        self.message = OnceCell::from(Message::default());
        self
    }

    /// With this message as the latest.
    pub fn with_message(mut self, id: Option<i64>) -> Self {
        let found = id.map(|id| db::rows(message!("m.id = $1"), &[id.into()], Message::read));
        if let Some(message) = found.and_then(|found| found.into_iter().next()) {
            self.message = OnceCell::from(message);
        }
        self
    }

    fn message(&self) -> &Message {
        self.message.get_or_init(|| {
            let args = [self.id.into()];
            let found = if self.as_caller {
                db::rows_as_caller(LATEST, &args, Message::read)
            } else {
                db::rows(LATEST, &args, Message::read)
            };
            found.into_iter().next().unwrap_or_default()
        })
    }

    pub fn created_at(&self) -> Option<TimestampWithTimeZone> {
        self.times[0]
    }

    pub fn solved_at(&self) -> Option<TimestampWithTimeZone> {
        self.times[3]
    }
}

pub fn told(text: Option<&str>) -> Value<'_> {
    text.map_or(Value::Absent, |text| Value::Text(Cow::Borrowed(text)))
}

impl Facts for Stored<'_> {
    fn get(&self, field: &Field) -> Value<'_> {
        let [
            created,
            updated,
            first_reply,
            solved,
            status,
            assigned,
            requester,
        ] = self.times;
        match field {
            Field::Custom(key) => custom_value(self.custom.get(key)),
            Field::OrganizationCustom(key) => custom_value(self.organization.get(key)),
            Field::MessageText => told(
                self.message()
                    .text
                    .as_deref()
                    .or_else(|| self.text("description")),
            ),
            Field::MessageKind => told(self.message().kind.as_deref().or(Some("reply"))),
            Field::MessageAuthor => match self.message() {
                Message { kind: None, .. } => told(self.text("requester.side")),
                message => told(message.author.as_deref()),
            },
            Field::Tags if self.tags.is_empty() => Value::Absent,
            Field::Tags => Value::List(
                self.tags
                    .iter()
                    .map(|tag| Cow::Borrowed(tag.as_str()))
                    .collect(),
            ),
            Field::CreatedAt | Field::HoursSince(Moment::Created) => time(created),
            Field::UpdatedAt | Field::HoursSince(Moment::Updated) => time(updated),
            Field::FirstReplyAt => time(first_reply),
            Field::SolvedAt | Field::HoursSince(Moment::Solved) => time(solved),
            Field::HoursSince(Moment::Status) => time(status),
            Field::HoursSince(Moment::Assigned) => time(assigned),
            Field::HoursSince(Moment::RequesterReply) => time(requester),
            other => match self.texts.get(other.name()) {
                Some(Json::String(text)) => Value::Text(Cow::Borrowed(text)),
                _ => Value::Absent,
            },
        }
    }

    fn priority_weight(&self, key: &str) -> Option<f64> {
        weight(self.config, key)
    }

    fn now(&self) -> i64 {
        crate::pg::clock::now().into_inner()
    }

    fn current_user(&self) -> Option<i64> {
        crate::identity::actor().user_id
    }

    fn is_open(&self, schedule: &str) -> Option<bool> {
        crate::schedules::is_open_by_name(schedule, self.now())
    }

    fn business_seconds(&self, schedule: &str, from: i64) -> Option<i64> {
        crate::schedules::seconds_by_name(schedule, from, self.now())
    }
}

pub fn weight(config: &Config, key: &str) -> Option<f64> {
    config.priority_by_key(key).map(|p| f64::from(p.weight))
}

/// The desk itself, for whom predicates are made.
pub struct Desk<'a>(pub &'a Config);

impl Facts for Desk<'_> {
    fn get(&self, _: &Field) -> Value<'_> {
        Value::Absent
    }

    fn priority_weight(&self, key: &str) -> Option<f64> {
        weight(self.0, key)
    }

    fn now(&self) -> i64 {
        crate::pg::clock::now().into_inner()
    }
}

/// Rows of id and name as choices.
fn named(sql: &'static str) -> Vec<(String, Value<'static>)> {
    db::rows(sql, &[], |row| {
        Ok((
            row.get::<i64>(1)?.unwrap_or_default().to_string(),
            Value::Text(Cow::Owned(row.get::<String>(2)?.unwrap_or_default())),
        ))
    })
}

impl Domain for Desk<'_> {
    fn choices(&self, field: &Field) -> Option<Vec<(String, Value<'_>)>> {
        fn text(name: &str) -> Value<'_> {
            Value::Text(Cow::Borrowed(name))
        }
        let words = |list: &'static [&'static str]| {
            list.iter()
                .map(|word| (format!("'{word}'"), text(word)))
                .collect()
        };
        match field {
            Field::Status => Some(
                self.0
                    .statuses
                    .iter()
                    .map(|s| (s.id.to_string(), text(&s.key)))
                    .collect(),
            ),
            Field::Priority => Some(named("select id, key from app.priorities")),
            Field::Team => Some(named("select id, name from app.teams")),
            Field::Form => Some(named("select id, name from app.ticket_forms")),
            Field::Type => Some(words(&TYPES)),
            Field::Channel => Some(words(&CHANNELS)),
            _ => None,
        }
    }

    fn tags(&self, name: &str) -> Vec<i64> {
        // The index knows the database's lower case, conditions know Unicode's: the first finds candidates.
        db::rows(
            "select id, name from app.tags where lower(name) = lower(normalize($1))",
            &[name.into()],
            |row| {
                Ok((
                    row.get::<i64>(1)?.unwrap_or_default(),
                    row.get::<String>(2)?.unwrap_or_default(),
                ))
            },
        )
        .into_iter()
        .filter(|(_, tag)| tag.to_lowercase() == name)
        .map(|(id, _)| id)
        .collect()
    }

    fn schedule(&self, name: &str) -> Option<i64> {
        self.0.schedule_id(name)
    }

    /// Beside the row, the policies say again who sees it. While a field changes its place, it is in either.
    fn value_of(&self, key: &str) -> String {
        let key_sql = quote(key);
        if self.0.sight.is_apart(key) {
            format!(
                "coalesce((select v.value from app.ticket_field_values v where v.ticket_id = t.id and v.field_key = {key_sql}), t.custom -> {key_sql})"
            )
        } else {
            format!("t.custom -> {key_sql}")
        }
    }

    fn is_indexed(&self, key: &str) -> bool {
        self.0.sight.is_indexed(key)
    }
}

// `select autocrm.condition_sql('{"field": "status", "op": "is", "value": "open"}')`
native!(condition_sql, pg_finfo_condition_sql, |fcinfo| {
    let (json,): (Json,) = args(fcinfo);
    let config = config();
    let sql = checked(&json)
        .to_sql(&Desk(&config))
        .unwrap_or_else(|problems| {
            refuse(
                "The condition cannot be asked of a list of tickets",
                &problems,
                HINT,
            )
        });
    answer(fcinfo, Some(sql))
});

// `select autocrm.condition_statuses('{"field": "status", "op": "is", "value": "open"}')  -- {2}`
native!(condition_statuses, pg_finfo_condition_statuses, |fcinfo| {
    let (json,): (Json,) = args(fcinfo);
    let config = config();
    let condition = checked(&json);
    let desk = Desk(&config);
    let possible: Vec<i64> = config
        .statuses
        .iter()
        .filter(|status| {
            let value = Value::Text(Cow::Borrowed(&status.key));
            condition.decided_by(&Field::Status, &value, &desk) != Some(false)
        })
        .map(|status| status.id)
        .collect();
    answer(fcinfo, Some(possible))
});

// `select autocrm.holds(7, '{"field": "status", "op": "is", "value": "open"}')`
native!(holds, pg_finfo_holds, |fcinfo| {
    let (id, json): (i64, Json) = args(fcinfo);
    let config = config();
    let condition = checked(&json);
    let ticket = Stored::visible(&config, id);
    answer(fcinfo, Some(condition.holds(&ticket)))
});

/// One value, whatever field it is asked as.
struct One<'a>(Value<'a>);

impl Facts for One<'_> {
    fn get(&self, _: &Field) -> Value<'_> {
        self.0.clone()
    }

    fn priority_weight(&self, _: &str) -> Option<f64> {
        None
    }
}

thread_local! {
    /// Predicates try one test on thousands of rows: known by the bytes it comes in.
    static TESTS: RefCell<HashMap<Vec<u8>, Rc<Condition>>> = RefCell::default();
}
const TESTS_KEPT: usize = 500;
/// The longest that is kept.
const TEST_BYTES: usize = 10_000;

/// The test behind a jsonb, compiled once.
///
/// # Safety
/// `datum` must be a jsonb.
unsafe fn compiled(datum: pg_sys::Datum) -> Rc<Condition> {
    // SAFETY: a detoasted varlena holds as many bytes as it says.
    let bytes = unsafe {
        let packed = pg_sys::pg_detoast_datum_packed(datum.cast_mut_ptr());
        std::slice::from_raw_parts(
            pgrx::varlena::vardata_any(packed).cast::<u8>(),
            pgrx::varlena::varsize_any_exhdr(packed),
        )
    };
    if let Some(known) = TESTS.with_borrow(|tests| tests.get(bytes).cloned()) {
        return known;
    }
    // SAFETY: a jsonb, as the caller vouches.
    let test = unsafe { json_of(datum, 1) };
    let parsed = parse_conditions(&test).unwrap_or_else(|problems| {
        refuse("The condition cannot be used as it is", &problems, HINT)
    });
    let parsed = Rc::new(parsed);
    TESTS.with_borrow_mut(|tests| {
        if tests.len() >= TESTS_KEPT {
            tests.clear();
        }
        if bytes.len() <= TEST_BYTES {
            tests.insert(bytes.to_vec(), Rc::clone(&parsed));
        }
    });
    parsed
}

// `select autocrm.test('"Refund"', '{"field": "subject", "op": "contains", "value": "fund"}')  -- true`
native!(test_value, pg_finfo_test_value, |fcinfo| {
    let (value, test): (Option<Held>, Option<Jsonb>) = args(fcinfo);
    let Some(test) = test else {
        return answer(fcinfo, None::<bool>);
    };
    // SAFETY: it is a jsonb.
    let condition = unsafe { compiled(test.0) };
    answer(
        fcinfo,
        Some(condition.holds(&One(custom_value(value.as_ref().map(|held| &held.0))))),
    )
});

// `select autocrm.check_conditions('{"all": [{"field": "colour"}]}')`
native!(
    check_conditions_wrapper,
    pg_finfo_check_conditions_wrapper,
    |fcinfo| {
        let (json,): (Json,) = args(fcinfo);
        let problems: Vec<String> = check(&json)
            .err()
            .unwrap_or_default()
            .iter()
            .map(ToString::to_string)
            .collect();
        answer(fcinfo, Some(problems))
    }
);

/// What a value of this shape looks like.
fn value_schema(shape: Shape, op: &str) -> Json {
    let text = json!({"type": "string", "minLength": 1, "maxLength": LENGTH});
    let number = json!({"type": "number"});
    let one = match shape {
        Shape::Number | Shape::Hours => number.clone(),
        Shape::Boolean => json!({"type": "boolean"}),
        Shape::Any => json!({"type": ["string", "number", "boolean"]}),
        Shape::Date => json!({"type": "string", "format": "date"}),
        Shape::Instant => json!({"type": "string", "format": "date-time"}),
        _ => text.clone(),
    };
    let moment = json!({"oneOf": [
        {"type": "string", "format": "date-time"},
        {"type": "object", "required": ["hours_ago"], "additionalProperties": false,
         "properties": {"hours_ago": {"type": "number", "minimum": 0}}}
    ]});
    match op {
        "in" | "not_in" => {
            json!({"type": "array", "minItems": 1, "maxItems": VALUES, "items": one})
        }
        "changed_to" | "changed_from" => {
            json!({"oneOf": [one.clone(), {"type": "array", "minItems": 1, "maxItems": VALUES, "items": one}]})
        }
        "between" => json!({"type": "array", "minItems": 2, "maxItems": 2, "items": one}),
        "includes_all" | "includes_any" | "includes_none" => {
            json!({"type": "array", "minItems": 1, "maxItems": VALUES, "items": text})
        }
        "contains_word" => {
            json!({"oneOf": [text.clone(), {"type": "array", "minItems": 1, "maxItems": VALUES, "items": text}]})
        }
        "contains" | "not_contains" | "starts_with" | "ends_with" | "matches"
        | "within_schedule" | "outside_schedule" => text,
        "before" | "after" => moment,
        "within_last" => json!({"type": "number", "minimum": 0}),
        "present" | "absent" | "changed" => Json::Bool(true),
        _ => one,
    }
}

/// The tests that fit one field: each operator with its value.
fn field_schema(name: &str, field: &Field, shape: Shape) -> Vec<Json> {
    operators_of(field, shape)
        .iter()
        .map(|op| {
            let bare = matches!(*op, "present" | "absent" | "changed");
            let mut properties = json!({"field": {"const": name}, "op": {"const": op}, "value": value_schema(shape, op)});
            if *field == Field::Assignee && !bare {
                properties["value"]["description"] = json!("ids of agents; current_user is whoever looks at a view");
            }
            if shape == Shape::Hours {
                properties["schedule"] = json!({"type": "string", "minLength": 1});
            }
            let required = if bare { json!(["field", "op"]) } else { json!(["field", "op", "value"]) };
            json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
        })
        .collect()
}

// `select autocrm.condition_schema()`
native!(condition_schema, pg_finfo_condition_schema, |fcinfo| {
    let config = config();
    let mut tests: Vec<Json> = Field::all()
        .flat_map(|(name, field)| field_schema(name, field, field.shape()))
        .collect();
    let hidden = config.sight.hidden(actor().role.as_deref());
    for custom in config
        .fields
        .iter()
        .filter(|field| !hidden.contains(&field.key))
    {
        let name = format!("custom.{}", custom.key);
        tests.extend(field_schema(
            &name,
            &Field::Custom(custom.key.clone()),
            custom.shape(),
        ));
    }
    let group = |name: &str| {
        json!({"type": "object", "required": [name], "additionalProperties": false,
               "properties": {name: {"type": "array", "maxItems": PARTS, "items": {"$ref": "#/$defs/condition"}}}})
    };
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Condition",
        "description": format!("At most {PARTS} groups and tests in all."),
        "$ref": "#/$defs/condition",
        "$defs": {
            "condition": {"oneOf": [group("all"), group("any"), group("none"), {"$ref": "#/$defs/test"}]},
            "test": {"anyOf": tests}
        }
    });
    answer(fcinfo, Some(pgrx::JsonB(schema)))
});
