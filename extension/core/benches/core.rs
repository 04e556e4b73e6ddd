//! `cargo bench -p autocrm-core`: what validation, matching and business time cost without Postgres around them.

use autocrm_core::actions::parse_actions;
use autocrm_core::conditions::{Facts, Field as TicketField, Value, parse_conditions};
use autocrm_core::fields::{self, Field, Moment, validate};
use autocrm_core::rules::{Rule, Rules, decide};
use autocrm_core::schedule::{Definition, Schedule};
use criterion::{Criterion, criterion_group, criterion_main};
use serde_json::json;
use std::borrow::Cow;
use std::hint::black_box;

struct Ticket;

impl Facts for Ticket {
    fn get(&self, field: &TicketField) -> Value<'_> {
        match field {
            TicketField::Subject => {
                Value::Text(Cow::Borrowed("The export button spins and then nothing"))
            }
            TicketField::Channel => Value::Text(Cow::Borrowed("email")),
            TicketField::Tags => Value::List(vec![Cow::Borrowed("reports"), Cow::Borrowed("bug")]),
            _ => Value::Absent,
        }
    }

    fn priority_weight(&self, _: &str) -> Option<f64> {
        None
    }
}

fn rules(count: i64) -> Vec<Rule> {
    (0..count)
        .filter_map(|id| {
            let conditions = json!({"all": [
                {"field": "channel", "op": "is", "value": if id % 2 == 0 { "email" } else { "chat" }},
                {"any": [
                    {"field": "subject", "op": "contains_word", "value": format!("topic{id}")},
                    {"field": "tags", "op": "includes_any", "value": [format!("tag{id}")]}
                ]}
            ]});
            Some(Rule {
                id,
                name: format!("rule {id}"),
                conditions: parse_conditions(&conditions).ok()?,
                actions: parse_actions(&json!([{"set": "team", "value": "Billing"}])).ok()?,
                stop: true,
            })
        })
        .collect()
}

fn routing(c: &mut Criterion) {
    for count in [10, 100, 1000, 10_000] {
        let each = rules(count);
        c.bench_function(&format!("try each of {count} rules"), |b| {
            b.iter(|| decide(black_box(&each), &Ticket).tried);
        });
        let indexed = Rules::new(rules(count));
        c.bench_function(&format!("match {count} rules"), |b| {
            b.iter(|| black_box(&indexed).decide(&Ticket).tried);
        });
    }
}

fn fields(c: &mut Criterion) {
    let config =
        json!({"pattern": "[A-Z]{2}-[0-9]{4}", "min": 0, "max": 120, "options": ["web", "mail"]});
    let fields: Vec<Field> = [
        ("serial", "regex"),
        ("months", "integer"),
        ("area", "dropdown"),
        ("site", "url"),
    ]
    .iter()
    .filter_map(|(key, kind)| {
        let definition = fields::Definition {
            key,
            kind,
            config: &config,
            required_on_create: false,
            required_on_solve: true,
            default: None,
            visible_when: None,
        };
        Field::compile(&definition).ok()
    })
    .collect();
    let custom =
        json!({"serial": "AB-1234", "months": 12, "area": "web", "site": "https://example.com/a"});
    let custom = custom.as_object().cloned().unwrap_or_default();
    c.bench_function("validate 4 fields", |b| {
        b.iter(|| validate(black_box(&fields), &custom, None, Moment::Create).len());
    });
}

fn business_time(c: &mut Criterion) {
    let weekly: serde_json::Value = ["mon", "tue", "wed", "thu", "fri"]
        .iter()
        .flat_map(|day| {
            [("09:00", "12:30"), ("13:15", "17:45")]
                .map(|(from, to)| json!({"day": day, "from": from, "to": to}))
        })
        .collect();
    let Ok(office) = Schedule::compile(&Definition {
        time_zone: "Europe/Berlin",
        weekly: &weekly,
        holidays: &json!(["2026-01-01", "2026-12-25", "2026-12-26"]),
        exceptions: &json!([{"date": "2026-12-24", "intervals": [{"from": "09:00", "to": "12:00"}]}]),
    }) else {
        return;
    };
    let (from, day) = (1_767_225_600_000_000_i64, 86_400_000_000_i64);
    for (name, days) in [
        ("a day", 1),
        ("a week", 7),
        ("a year", 365),
        ("ten years", 3650),
    ] {
        c.bench_function(&format!("business time of {name}"), |b| {
            b.iter(|| office.business_seconds(black_box(from), from + days * day));
        });
    }
    c.bench_function("when 40 business hours have passed", |b| {
        b.iter(|| office.add_business(black_box(from), 40 * 3600));
    });
    c.bench_function("on shift", |b| b.iter(|| office.is_open(black_box(from))));
}

criterion_group!(benches, routing, fields, business_time);
criterion_main!(benches);
