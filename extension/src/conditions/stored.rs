//! A stored ticket as the facts that conditions test.

use crate::conditions::values::{custom_value, time, told, weight};
use crate::config::Config;
use crate::pg::db;
use crate::pg::error::fail;
use crate::pg::json::Held;
use autocrm_core::conditions::{Facts, Field, Moment, Value};
use pgrx::prelude::TimestampWithTimeZone;
use serde_json::{Map, Value as Json};
use std::borrow::Cow;
use std::cell::OnceCell;

/// A ticket read back from its table.
pub struct Stored<'a> {
    pub id: i64,
    config: &'a Config,
    /// Text fields by the name that conditions use.
    texts: Map<String, Json>,
    times: [Option<TimestampWithTimeZone>; 8],
    pub tags: Vec<String>,
    pub custom: Map<String, Json>,
    organization: Map<String, Json>,
    /// Read on first use: few conditions use it.
    message: OnceCell<Message>,
    /// Whether only fields that the caller may read have values.
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
                    t.requester_replied_at, t.next_breach_at, t.id, o.custom
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
            organization: object(row.get(15)?),
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
                row.get(13)?,
            ],
            id: row.get(14)?.unwrap_or_default(),
        })
    }

    pub fn text(&self, name: &str) -> Option<&str> {
        self.texts.get(name)?.as_str()
    }

    /// As it was when it was created, as far as rows tell: without an assignee.
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
            next_breach,
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
            Field::NextBreachAt | Field::HoursSince(Moment::NextBreach) => time(next_breach),
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
