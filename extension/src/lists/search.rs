//! The search language over this desk: its fields, choices and people.

use crate::conditions::desk::Desk;
use crate::config::config;
use crate::identity::actor;
use crate::pg::call::{answer, args};
use crate::pg::db;
use crate::pg::error::{native, refuse};
use autocrm_core::conditions::{Domain, Facts, Field, Shape, Value};
use autocrm_core::fields;
use autocrm_core::search::{self, plan};
use serde_json::json;

struct Asker<'a>(Desk<'a>);

impl Facts for Asker<'_> {
    fn get(&self, field: &Field) -> Value<'_> {
        self.0.get(field)
    }

    fn priority_weight(&self, key: &str) -> Option<f64> {
        self.0.priority_weight(key)
    }

    fn now(&self) -> i64 {
        self.0.now()
    }
}

impl Domain for Asker<'_> {
    fn choices(&self, field: &Field) -> Option<Vec<(String, Value<'_>)>> {
        self.0.choices(field)
    }

    fn tags(&self, name: &str) -> Vec<i64> {
        self.0.tags(name)
    }

    fn schedule(&self, name: &str) -> Option<i64> {
        self.0.schedule(name)
    }

    fn value_of(&self, key: &str) -> String {
        self.0.value_of(key)
    }

    fn is_indexed(&self, key: &str) -> bool {
        self.0.is_indexed(key)
    }
}

/// As a part of a LIKE pattern.
fn part(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern + "%"
}

impl search::Desk for Asker<'_> {
    fn custom(&self, key: &str) -> Option<Shape> {
        let config = self.0.0;
        let field = config.fields.iter().find(|field| field.key == key)?;
        let hidden = config.sight.hidden(actor().role.as_deref());
        (!hidden.contains(&field.key)).then(|| fields::Field::shape(field))
    }

    fn me(&self) -> Option<i64> {
        actor().user_id
    }

    /// Callers who may not read people find none. A merged person is replaced by the remaining one.
    fn people(&self, text: &str) -> Vec<i64> {
        if !actor().reads_people() {
            return Vec::new();
        }
        let found = if text
            .split_once('@')
            .is_some_and(|(name, _)| !name.is_empty())
        {
            db::rows(
                "select coalesce(merged_into_id, id) from app.users where lower(email) = lower($1)",
                &[text.into()],
                |row| row.get::<i64>(1),
            )
        } else {
            db::rows(
                "select coalesce(merged_into_id, id) from app.users where lower(name || ' ' || coalesce(email, '')) like lower($1) order by id limit 1000",
                &[part(text).into()],
                |row| row.get::<i64>(1),
            )
        };
        found.into_iter().flatten().collect()
    }

    fn organizations(&self, text: &str) -> Vec<i64> {
        if !actor().reads_people() {
            return Vec::new();
        }
        db::rows(
            "select id from app.organizations where lower(name) like lower($1) order by id limit 1000",
            &[part(text).into()],
            |row| row.get::<i64>(1),
        )
        .into_iter()
        .flatten()
        .collect()
    }
}

// `select autocrm.search_plan('refund status:open -tag:vip')`
native!(search_plan, pg_finfo_search_plan, |fcinfo| {
    let (text,): (String,) = args(fcinfo);
    let config = config();
    let plan = plan(&text, &Asker(Desk(&config))).unwrap_or_else(|problems| {
        refuse(
            "This cannot be searched for",
            &problems,
            "q[n] is the n-th character of the question; correct it there.",
        )
    });
    let words: Vec<_> = plan
        .words
        .iter()
        .map(|w| {
            let asked = search::question(&w.text);
            json!({
                "said": w.text, "text": asked.plain, "parts": asked.parts, "pairs": asked.pairs,
                "phrase": w.phrase, "prefix": w.prefix, "negated": w.negated
            })
        })
        .collect();
    let plan = json!({"words": words, "filter": plan.filter, "jump": plan.jump});
    answer(fcinfo, Some(pgrx::JsonB(plan)))
});

// `select autocrm.edit_distance('refnud', 'refund')  -- 1`
native!(edit_distance, pg_finfo_edit_distance, |fcinfo| {
    let (a, b): (String, String) = args(fcinfo);
    let steps = search::distance(&a, &b);
    answer(fcinfo, i32::try_from(steps).ok())
});

// `select autocrm.search_text('AB-12345 返金')  -- {"AB-12345 AB 12345", "'返金':1 '金':2 "}`
native!(search_text, pg_finfo_search_text, |fcinfo| {
    let (text,): (String,) = args(fcinfo);
    let read = search::document(&text);
    answer(fcinfo, Some(vec![read.plain, read.pairs]))
});
