//! `cargo bench -p autocrm-core`: what validation and matching cost without Postgres around them.

use autocrm_core::fields::{Definition, Field, Moment, validate};
use autocrm_core::routing::{
    Facts, Field as TicketField, Rule, Rules, Value, decide, parse_actions, parse_conditions,
};
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
        let definition = Definition {
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

criterion_group!(benches, routing, fields);
criterion_main!(benches);
