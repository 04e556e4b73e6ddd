//! A trigger call, and the macro that exposes a Rust function as one.

use crate::pg::error::refuse;
use crate::pg::row::Row;
use crate::pg::tuple;
use autocrm_core::problem::Problem;
use pgrx::pg_sys;
use std::ffi::CStr;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    Insert,
    Update,
    Delete,
    Truncate,
}

impl Event {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Insert => "insert",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Truncate => "truncate",
        }
    }
}

pub struct Trigger(*mut pg_sys::TriggerData);

impl Trigger {
    /// # Safety
    /// `fcinfo` must be the one Postgres called the trigger function with.
    pub unsafe fn new(fcinfo: pg_sys::FunctionCallInfo) -> Self {
        // SAFETY: a trigger manager's context is a TriggerData.
        unsafe {
            let context = (*fcinfo).context;
            if context.is_null() || (*context).type_ != pg_sys::NodeTag::T_TriggerData {
                crate::pg::error::fail(
                    "TK400",
                    "This function is called by triggers only",
                    None,
                    None,
                );
            }
            Self(context.cast())
        }
    }

    fn data(&self) -> &pg_sys::TriggerData {
        // SAFETY: checked in new(), alive for the call.
        unsafe { &*self.0 }
    }

    pub fn event(&self) -> Event {
        match self.data().tg_event & pg_sys::TRIGGER_EVENT_OPMASK {
            pg_sys::TRIGGER_EVENT_INSERT => Event::Insert,
            pg_sys::TRIGGER_EVENT_UPDATE => Event::Update,
            pg_sys::TRIGGER_EVENT_DELETE => Event::Delete,
            _ => Event::Truncate,
        }
    }

    pub fn relation(&self) -> pg_sys::Oid {
        // SAFETY: the relation is open during the call.
        unsafe { (*self.data().tg_relation).rd_id }
    }

    /// The table as people call it: a partition answers with its own name.
    pub fn table(&self) -> String {
        // SAFETY: the relation is open during the call.
        unsafe { tuple::table(self.data().tg_relation) }
    }

    pub fn args(&self) -> Vec<String> {
        // SAFETY: tgargs holds tgnargs C strings.
        unsafe {
            let trigger = &*self.data().tg_trigger;
            (0..usize::try_from(trigger.tgnargs).unwrap_or_default())
                .map(|i| {
                    CStr::from_ptr(*trigger.tgargs.add(i))
                        .to_string_lossy()
                        .into_owned()
                })
                .collect()
        }
    }

    fn row(&self, tuple: pg_sys::HeapTuple) -> Option<Row> {
        // SAFETY: the tuple belongs to the open relation.
        (!tuple.is_null()).then(|| unsafe { Row::new((*self.data().tg_relation).rd_att, tuple) })
    }

    /// The row as it is going to be, or was just made; `None` for a deletion.
    pub fn new_row(&self) -> Option<Row> {
        match self.event() {
            Event::Insert => self.row(self.data().tg_trigtuple),
            Event::Update => self.row(self.data().tg_newtuple),
            _ => None,
        }
    }

    pub fn old_row(&self) -> Option<Row> {
        match self.event() {
            Event::Update | Event::Delete => {
                self.row(self.data().tg_trigtuple).map(Row::that_stood)
            }
            _ => None,
        }
    }

    pub fn is_row(&self) -> bool {
        self.data().tg_event & pg_sys::TRIGGER_EVENT_ROW != 0
    }
}

/// How many triggers run, one inside the other.
pub fn depth() -> i32 {
    // SAFETY: takes no argument.
    unsafe { pgrx::direct_function_call(pg_sys::pg_trigger_depth, &[]) }.unwrap_or_default()
}

/// What an AFTER trigger answers.
pub fn done() -> pg_sys::Datum {
    pg_sys::Datum::from(0)
}

/// BEFORE INSERT OR UPDATE of the desk's configuration: refuses a row that could not be used, with the path of each
/// mistake. `problems` says what the row is, and what is wrong with it.
pub fn check(
    trigger: &Trigger,
    problems: impl FnOnce(&mut Row) -> (String, Vec<Problem>),
) -> pg_sys::Datum {
    let Some(mut row) = trigger.new_row() else {
        return done();
    };
    let (what, problems) = problems(&mut row);
    if !problems.is_empty() {
        refuse(
            &format!("{what} cannot be saved as it is"),
            &problems,
            "Correct each part and save it again.",
        );
    }
    row.into_datum()
}

/// `trigger!(tg_name, pg_finfo_tg_name, function)`: a trigger function over a Rust one that takes a
/// `Trigger` and gives back a Datum.
macro_rules! trigger {
    ($symbol:ident, $info:ident, $function:path) => {
        // SAFETY: Postgres hands its own fcinfo.
        $crate::pg::error::native!($symbol, $info, |fcinfo| $function(&unsafe {
            $crate::pg::trigger::Trigger::new(fcinfo)
        }));
    };
}
pub(crate) use trigger;
