//! The requester of a ticket: found, and locked against a merge.

use crate::assign::route::Requester;
use crate::pg::db;
use crate::pg::json::Held;
use crate::pg::row::Row;
use autocrm_core::problem::Problem;

/// Replaces a requester who was merged by the remaining person. The lock waits for a merge that is running.
pub fn kept_requester(row: &mut Row) {
    let kept = db::rows(
        "select merged_into_id from app.users where id = $1 for key share",
        &[row.get::<i64>("requester_id").into()],
        |user| user.get::<i64>(1),
    );
    if let Some(kept) = kept.into_iter().next().flatten() {
        row.set("requester_id", Some(kept));
    }
}

/// A person as the router asks for them, locked against a merge.
struct Found {
    requester: Requester,
    organization_id: Option<i64>,
    merged_into: Option<i64>,
    active: bool,
}

fn find_requester(id: i64, organization: Option<i64>) -> Option<Found> {
    let found = db::rows(
        "select u.name, u.email, u.organization_id, o.name, u.locale,
                case when u.role = 'admin' then 'agent' else u.role::text end, o.custom, u.merged_into_id, u.active
           from app.users u
           left join app.organizations o on o.id = coalesce($2, u.organization_id)
          where u.id = $1 for key share of u",
        &[id.into(), organization.into()],
        |row| {
            Ok(Found {
                requester: Requester {
                    name: row.get(1)?.unwrap_or_default(),
                    email: row.get(2)?,
                    organization: row.get(4)?,
                    locale: row.get(5)?.unwrap_or_default(),
                    side: row.get(6)?.unwrap_or_default(),
                    organization_custom: row
                        .get::<Held>(7)?
                        .and_then(|json| json.0.as_object().cloned())
                        .unwrap_or_default(),
                },
                organization_id: row.get(3)?,
                merged_into: row.get(8)?,
                active: row.get(9)?.unwrap_or_default(),
            })
        },
    );
    found.into_iter().next()
}

/// The requester of a new ticket, whose organization it takes on.
pub fn requester(row: &mut Row, problems: &mut Vec<Problem>) -> Requester {
    let Some(id) = row.get::<i64>("requester_id") else {
        problems.push(Problem::new("requester_id", "is missing; say who asks"));
        return Requester::default();
    };
    let organization = row.get::<i64>("organization_id");
    let mut found = find_requester(id, organization);
    if let Some(kept) = found.as_ref().and_then(|found| found.merged_into) {
        row.set("requester_id", Some(kept));
        found = find_requester(kept, organization);
    }
    let Some(found) = found.filter(|found| found.active) else {
        problems.push(Problem::new(
            "requester_id",
            format!("there is no active user {id}"),
        ));
        return Requester::default();
    };
    if organization.is_none() {
        row.set("organization_id", found.organization_id);
    }
    found.requester
}
