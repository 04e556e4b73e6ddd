//! SQL for a test of a field that may have any value: `autocrm.test(value, test)` runs the same native code on
//! each row, behind an index on a custom field where there is one.

use super::condition::{Check, Literal, Test};
use super::domain::{Domain, quote};
use super::field::Field;
use super::sort_key::key_of;

impl Test {
    /// The call of the native code.
    pub(super) fn natively(&self, domain: &dyn Domain) -> String {
        let value = match &self.field {
            Field::Subject => "to_jsonb(t.subject)".into(),
            Field::Description => "to_jsonb(nullif(t.description, ''))".into(),
            Field::Language => "to_jsonb(t.language)".into(),
            Field::Assignee => "to_jsonb(t.assignee_id::text)".into(),
            Field::RequesterEmail => {
                "(select to_jsonb(u.email) from app.users u where u.id = t.requester_id)".into()
            }
            Field::RequesterName => {
                "(select to_jsonb(u.name) from app.users u where u.id = t.requester_id)".into()
            }
            Field::RequesterLocale => {
                "(select to_jsonb(u.locale) from app.users u where u.id = t.requester_id)".into()
            }
            Field::Organization => {
                "(select to_jsonb(o.name) from app.organizations o where o.id = t.organization_id)"
                    .into()
            }
            Field::Custom(key) => domain.value_of(key),
            Field::OrganizationCustom(key) => format!(
                "(select o.custom -> {} from app.organizations o where o.id = t.organization_id)",
                quote(key)
            ),
            Field::MessageText => latest(
                "select to_jsonb(nullif(m.body_text, ''))",
                "to_jsonb(nullif(t.description, ''))",
            ),
            Field::MessageKind => latest("select to_jsonb(m.kind)", "to_jsonb('reply'::text)"),
            Field::MessageAuthor => latest(
                &format!(
                    "select coalesce((select {SIDE} from app.users u where u.id = m.author_id), 'null')"
                ),
                &format!("(select {SIDE} from app.users u where u.id = t.requester_id)"),
            ),
            _ => String::from("null::jsonb"),
        };
        let test = format!(
            "autocrm.test({value}, {}::jsonb)",
            quote(&self.source.to_string())
        );
        match self.indexable(domain) {
            // Without a key the test is false, and so are both together.
            Some(found) => format!("({found} and {test})"),
            None => test,
        }
    }

    /// A predicate that an index on a custom field answers, true at least where the test holds. Its operators are
    /// leakproof, or row-level security would keep the index from being used.
    fn indexable(&self, domain: &dyn Domain) -> Option<String> {
        let Field::Custom(key) = &self.field else {
            return None;
        };
        if self.negated || !domain.is_indexed(key) {
            return None;
        }
        let column = format!("autocrm.sort_key(t.custom, {}) collate \"C\"", quote(key));
        let bound = |op: &str, limit: &Literal| format!("{column} {op} {}", quote(&key_of(limit)));
        Some(match &self.check {
            Check::In(options) => {
                let keys: Vec<String> = options.iter().map(|o| quote(&key_of(o))).collect();
                format!("{column} in ({})", keys.join(", "))
            }
            Check::Less(limit) => bound("<=", limit),
            Check::Greater(limit) => bound(">=", limit),
            Check::Between(low, high) => {
                format!("{} and {}", bound(">=", low), bound("<=", high))
            }
            _ => return None,
        })
    }
}

/// The side of a user `u`; administrators answer tickets as agents do.
const SIDE: &str = "to_jsonb(case when u.role = 'admin' then 'agent' else u.role::text end)";

/// A value of the ticket's latest reply or note, or `otherwise` while there is none.
fn latest(select: &str, otherwise: &str) -> String {
    format!(
        "coalesce(({select} from app.messages m where m.ticket_id = t.id and m.kind in ('reply', 'note') \
         order by m.created_at desc, m.id desc limit 1), {otherwise})"
    )
}
