//! Who acts. The claims of a request are believed only when the session belongs to the API's own
//! log-in role; everybody else is who their log-in role says. Cached per transaction; whom claims stand
//! for is cached by each backend until sessions, keys, users or memberships change.

use crate::pg::cached::{self, IDENTITIES, Kept, Of};
use crate::pg::call::{answer, args};
use crate::pg::clock;
use crate::pg::db;
use crate::pg::error::{fail, native};
use crate::pg::scan::relation;
use crate::pg::{roles, settings, transaction};
use pgrx::pg_sys;
use pgrx::prelude::*;
use serde_json::Value;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

/// Why claims are not believed.
type Refusal = &'static str;

#[derive(Debug, Default)]
pub struct Actor {
    pub user_id: Option<i64>,
    pub api_key_id: Option<i64>,
    pub role: Option<String>,
    sees_all: bool,
    team_ids: Vec<i64>,
    /// `None`: not acting by a key, so no scope limits it.
    scopes: Option<Vec<String>>,
}

struct Cached {
    transaction: u32,
    session_user: pg_sys::Oid,
    claims: String,
    actor: Rc<Actor>,
}

/// Whom claims stand for, and until when.
struct Known {
    actor: Rc<Actor>,
    expires_at: Option<TimestampWithTimeZone>,
}

/// Most claims that one backend caches.
const MOST_KNOWN: usize = 1_000;

thread_local! {
    static CACHE: RefCell<Option<Cached>> = const { RefCell::new(None) };
    static KNOWN: Kept<RefCell<HashMap<String, Known>>> = const { Kept::new(Of::Identities) };
    static FINDING: Cell<bool> = const { Cell::new(false) };
    static LOGGED_IN: Kept<RefCell<HashMap<pg_sys::Oid, Rc<Actor>>>> = const { Kept::new(Of::Identities) };
}

/// The actor; an invalid claim is an error, nobody is an actor without id. Through the API it is the same throughout a
/// transaction. At a prompt, where one may stay open for long, whoever loses a right has lost it for the next statement.
pub fn actor() -> Rc<Actor> {
    let session_user = roles::session();
    if session_user != api() {
        return by_log_in(session_user);
    }
    let claims = claims();
    let transaction = transaction::number();
    let known = CACHE.with_borrow(|cached| {
        cached
            .as_ref()
            .filter(|c| {
                c.transaction == transaction && c.session_user == session_user && c.claims == claims
            })
            .map(|c| Rc::clone(&c.actor))
    });
    if let Some(actor) = known {
        return actor;
    }
    let actor = resolve(&claims);
    CACHE.set(Some(Cached {
        transaction,
        session_user,
        claims,
        actor: Rc::clone(&actor),
    }));
    actor
}

fn claims() -> String {
    settings::get(c"request.jwt.claims").unwrap_or_default()
}

/// The API's own log-in, whose claims are believed.
fn api() -> pg_sys::Oid {
    roles::find(c"autocrm_api")
}

/// Whether the session is the API's own, or that of its worker.
pub fn is_api() -> bool {
    roles::session() == api()
}

fn resolve(claims: &str) -> Rc<Actor> {
    if claims.is_empty() {
        return Rc::default();
    }
    by_claims(claims).unwrap_or_else(|refusal| {
        fail(
            "TK401",
            refusal,
            None,
            Some("Log in again, or use another API key."),
        )
    })
}

fn by_claims(claims: &str) -> Result<Rc<Actor>, Refusal> {
    let all = KNOWN.with(|known| known.get(RefCell::default));
    let now = clock::now();
    let known = all.borrow().get(claims).and_then(|known| {
        let lasts = known.expires_at.is_none_or(|end| end > now);
        lasts.then(|| Rc::clone(&known.actor))
    });
    if let Some(actor) = known {
        return Ok(actor);
    }
    let known = look_up(claims)?;
    let actor = Rc::clone(&known.actor);
    let mut all = all.borrow_mut();
    if all.len() >= MOST_KNOWN {
        all.clear();
    }
    all.insert(claims.to_owned(), known);
    Ok(actor)
}

/// Invalidates the cached identities: in this backend at once, in all others at commit.
pub fn forget() {
    cached::invalidate(relation(IDENTITIES));
}

fn look_up(claims: &str) -> Result<Known, Refusal> {
    let claims: Value =
        serde_json::from_str(claims).map_err(|_| "The claims of this request are not JSON")?;
    if let Some(key) = claims["key"].as_str() {
        return by_key(key);
    }
    let user = claims["sub"]
        .as_str()
        .and_then(|sub| sub.parse::<i64>().ok())
        .ok_or("The claims of this request name nobody")?;
    by_session(
        user,
        claims["role"].as_str().unwrap_or_default(),
        claims["sid"].as_str(),
    )
}

fn by_log_in(session_user: pg_sys::Oid) -> Rc<Actor> {
    let all = LOGGED_IN.with(|all| all.get(RefCell::default));
    let known = all.borrow().get(&session_user).map(Rc::clone);
    known.unwrap_or_else(|| {
        let _finding = Finding::enter();
        let actor = Rc::new(by_log_in_role(session_user));
        all.borrow_mut().insert(session_user, Rc::clone(&actor));
        actor
    })
}

/// While somebody is being found: whoever asks who they are meanwhile asks for ever.
struct Finding;

impl Finding {
    fn enter() -> Self {
        FINDING.set(true);
        Self
    }
}

impl Drop for Finding {
    fn drop(&mut self) {
        FINDING.set(false);
    }
}

pub fn is_being_found() -> bool {
    FINDING.get()
}

fn by_log_in_role(session_user: pg_sys::Oid) -> Actor {
    let found = db::rows_by_now(
        "select u.id, u.role::text, u.ticket_access = 'all' or u.role = 'admin',
                array(select m.team_id from app.memberships m where m.user_id = u.id)
           from app.users u
           join pg_catalog.pg_roles r on r.rolname = u.pg_role
          where r.oid = $1 and u.active",
        &[session_user.into()],
        |row| {
            Ok(Actor {
                user_id: row.get(1)?,
                role: row.get(2)?,
                sees_all: row.get(3)?.unwrap_or(false),
                team_ids: row.get(4)?.unwrap_or_default(),
                ..Actor::default()
            })
        },
    );
    found.into_iter().next().unwrap_or_default()
}

fn by_session(user: i64, role: &str, session: Option<&str>) -> Result<Known, Refusal> {
    let found = db::rows(
        "select u.role::text, u.ticket_access = 'all' or u.role = 'admin',
                array(select m.team_id from app.memberships m where m.user_id = u.id), s.expires_at
           from app.users u
           join app.sessions s on s.user_id = u.id
          where u.id = $1 and u.active and u.role::text = $2
            and s.id = $3::text::uuid and s.revoked_at is null and s.expires_at > autocrm.now()",
        &[
            user.into(),
            role.into(),
            session
                .unwrap_or("00000000-0000-0000-0000-000000000000")
                .into(),
        ],
        |row| {
            Ok(Known {
                actor: Rc::new(Actor {
                    user_id: Some(user),
                    role: row.get(1)?,
                    sees_all: row.get(2)?.unwrap_or(false),
                    team_ids: row.get(3)?.unwrap_or_default(),
                    ..Actor::default()
                }),
                expires_at: row.get(4)?,
            })
        },
    );
    found
        .into_iter()
        .next()
        .ok_or("This session has ended or its user may no longer log in")
}

fn by_key(hash: &str) -> Result<Known, Refusal> {
    let found = db::rows(
        "select k.id, k.user_id, k.scopes, k.team_ids, k.expires_at
           from app.api_keys k
           join app.users u on u.id = k.user_id
          where k.hash = decode($1, 'hex') and u.active and k.revoked_at is null
            and (k.expires_at is null or k.expires_at > autocrm.now())",
        &[hash.into()],
        |row| {
            let teams: Option<Vec<i64>> = row.get(4)?;
            Ok(Known {
                actor: Rc::new(Actor {
                    api_key_id: row.get(1)?,
                    user_id: row.get(2)?,
                    role: Some("integration".into()),
                    sees_all: teams.is_none(),
                    team_ids: teams.unwrap_or_default(),
                    scopes: row.get(3)?,
                }),
                expires_at: row.get(5)?,
            })
        },
    );
    found
        .into_iter()
        .next()
        .ok_or("This API key is unknown, expired or revoked")
}

impl Actor {
    pub fn is_admin(&self) -> bool {
        self.role.as_deref() == Some("admin")
    }

    pub fn sees_all(&self) -> bool {
        self.sees_all
    }

    /// People are limited by no scope.
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scopes
            .as_ref()
            .is_none_or(|scopes| scopes.iter().any(|own| own == scope))
    }

    /// Whether the actor may read names and addresses of people, as the policies of app.users decide.
    pub fn reads_people(&self) -> bool {
        match &self.scopes {
            Some(scopes) => scopes.iter().any(|scope| scope == "users:read"),
            None => self.user_id.is_some() && !self.is_customer(),
        }
    }

    pub fn teams(&self) -> &[i64] {
        &self.team_ids
    }

    /// Of one of these teams, or of all.
    pub fn is_in(&self, teams: &[i64]) -> bool {
        self.sees_all || teams.iter().any(|team| self.team_ids.contains(team))
    }

    pub fn is_customer(&self) -> bool {
        self.role.as_deref() == Some("customer")
    }

    /// Subscribers who see the same tickets share one read of the events.
    fn class(&self) -> Option<String> {
        match (self.user_id, self.api_key_id) {
            (_, Some(key)) => Some(format!("key{key}")),
            (Some(_), None) if self.sees_all => {
                // Roles see different fields of them.
                Some(format!("all {}", self.role.as_deref().unwrap_or_default()))
            }
            (Some(user), None) => Some(format!("user{user}")),
            (None, None) => None,
        }
    }
}

// `select autocrm.actor_id()  -- 7, or NULL when nobody acts`
native!(actor_id, pg_finfo_actor_id, |fcinfo| answer(
    fcinfo,
    actor().user_id
));

// `select autocrm.actor_api_key_id()`
native!(
    actor_api_key_id,
    pg_finfo_actor_api_key_id,
    |fcinfo| answer(fcinfo, actor().api_key_id)
);

// `select autocrm.actor_role()  -- agent`
native!(actor_role, pg_finfo_actor_role, |fcinfo| answer(
    fcinfo,
    actor().role.clone()
));

// `select autocrm.actor_team_ids()  -- {1,4}`
native!(actor_team_ids, pg_finfo_actor_team_ids, |fcinfo| answer(
    fcinfo,
    Some(actor().team_ids.clone())
));

// `select autocrm.actor_sees_all()`
native!(actor_sees_all, pg_finfo_actor_sees_all, |fcinfo| answer(
    fcinfo,
    Some(actor().sees_all)
));

// `select autocrm.actor_has_scope('tickets:read')  -- true for people`
native!(actor_has_scope, pg_finfo_actor_has_scope, |fcinfo| {
    let (scope,): (String,) = args(fcinfo);
    let actor = actor();
    answer(
        fcinfo,
        Some(
            actor
                .scopes
                .as_ref()
                .is_none_or(|scopes| scopes.contains(&scope)),
        ),
    )
});

// `select autocrm.actor_class()  -- all admin`
native!(actor_class, pg_finfo_actor_class, |fcinfo| answer(
    fcinfo,
    actor().class()
));

// `select autocrm.outsiders('all agent', array['{"sub": "7", "role": "agent", "sid": "…"}'])  -- {1}, or {} while they are in`
native!(outsiders, pg_finfo_outsiders, |fcinfo| {
    let (class, members): (String, Vec<Option<String>>) = args(fcinfo);
    if roles::session() != api() {
        fail("TK403", "Only the API asks about claims", None, None);
    }
    let outside: Vec<i32> = members
        .iter()
        .zip(1..)
        .filter(|(claims, _)| {
            crate::pg::interrupts();
            let actor = claims.as_deref().map(by_claims).and_then(Result::ok);
            actor.and_then(|actor| actor.class()) != Some(class.clone())
        })
        .map(|(_, place)| place)
        .collect();
    answer(fcinfo, Some(outside))
});
