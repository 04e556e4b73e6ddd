//! jsonb as native code reads it: straight from its binary form, with numbers as exact as they are written there.
//! What the desk takes is bounded in depth, in size and in the digits of a number; what is beyond is refused with its
//! path, never read as something else.

use autocrm_core::problem::Problem;
use pgrx::pg_sys::{self, JsonbIteratorToken as Token, jbvType};
use pgrx::{FromDatum, IntoDatum};
use serde_json::{Map, Number, Value};
use std::ffi::CStr;
use std::fmt::Write;

/// How deep objects and lists may nest.
pub const DEPTH: usize = 64;
/// How many characters a number may have, written out.
pub const DIGITS: usize = 100;
/// How many bytes a value may take.
pub const BYTES: usize = 4 << 20;

pub const HINT: &str =
    "JSON may nest 64 deep, be 4 MiB large, and have numbers of up to 100 digits.";

/// A list or an object that is being read, and where in it.
enum Open {
    List(Vec<Value>),
    Object(Map<String, Value>, String),
}

impl Open {
    fn add(&mut self, value: Value) {
        match self {
            Self::List(items) => items.push(value),
            Self::Object(map, key) => {
                map.insert(std::mem::take(key), value);
            }
        }
    }
}

/// What a jsonb says.
///
/// # Safety
/// `datum` must be a jsonb that is not NULL.
pub unsafe fn read(datum: pg_sys::Datum) -> Result<Value, Problem> {
    let given: *mut pg_sys::varlena = datum.cast_mut_ptr();
    // SAFETY: by the caller; the iterator reads what was detoasted, which is freed after it.
    unsafe {
        let whole = pg_sys::pg_detoast_datum(given);
        let found = if pgrx::varlena::varsize_any(whole) > BYTES {
            Err(Problem::new("", format!("is larger than {BYTES} bytes")))
        } else {
            walk(root(whole))
        };
        if whole != given {
            pg_sys::pfree(whole.cast());
        }
        found
    }
}

/// The outermost container of a jsonb.
///
/// # Safety
/// `whole` must be detoasted.
pub(super) unsafe fn root(whole: *mut pg_sys::varlena) -> *mut pg_sys::JsonbContainer {
    let jsonb: *mut pg_sys::Jsonb = pg_sys::Datum::from(whole).cast_mut_ptr();
    // SAFETY: by the caller.
    unsafe { &raw mut (*jsonb).root }
}

/// # Safety
/// `root` must be of a detoasted jsonb, or one of the containers in it.
pub(super) unsafe fn walk(root: *mut pg_sys::JsonbContainer) -> Result<Value, Problem> {
    let mut open: Vec<Open> = Vec::new();
    let mut scalar = false;
    // SAFETY: the iterator walks over what the caller vouches for, and says of which kind each value is.
    unsafe {
        let mut iterator = pg_sys::JsonbIteratorInit(root);
        let mut value: pg_sys::JsonbValue = std::mem::zeroed();
        loop {
            let token = pg_sys::JsonbIteratorNext(&raw mut iterator, &raw mut value, false);
            let done = match token {
                Token::WJB_KEY => {
                    if let Some(Open::Object(_, key)) = open.last_mut() {
                        *key = text(&value);
                    }
                    continue;
                }
                Token::WJB_VALUE | Token::WJB_ELEM => match leaf(&value) {
                    Ok(leaf) => leaf,
                    Err(message) => return Err(Problem::new(path(&open), message)),
                },
                Token::WJB_BEGIN_ARRAY | Token::WJB_BEGIN_OBJECT if open.len() >= DEPTH => {
                    return Err(Problem::new(
                        path(&open),
                        format!("is nested deeper than {DEPTH}"),
                    ));
                }
                Token::WJB_BEGIN_ARRAY => {
                    // A bare number or text is a list of one, marked so.
                    scalar |= open.is_empty() && value.val.array.rawScalar;
                    open.push(Open::List(Vec::new()));
                    continue;
                }
                Token::WJB_BEGIN_OBJECT => {
                    open.push(Open::Object(Map::new(), String::new()));
                    continue;
                }
                Token::WJB_END_ARRAY | Token::WJB_END_OBJECT => match open.pop() {
                    Some(Open::List(mut items)) if scalar && open.is_empty() => {
                        items.pop().unwrap_or_default()
                    }
                    Some(Open::List(items)) => Value::Array(items),
                    Some(Open::Object(map, _)) => Value::Object(map),
                    None => return Err(Problem::new("", "cannot be read")),
                },
                _ => return Err(Problem::new("", "cannot be read")),
            };
            match open.last_mut() {
                Some(around) => around.add(done),
                None => return Ok(done),
            }
        }
    }
}

/// # Safety
/// `value` must be a text of an iterator.
unsafe fn text(value: &pg_sys::JsonbValue) -> String {
    // SAFETY: by the caller; the text has as many bytes as it says, in the database's encoding, which is UTF-8.
    unsafe {
        let string = value.val.string;
        let length = usize::try_from(string.len).unwrap_or_default();
        let bytes = std::slice::from_raw_parts(string.val.cast::<u8>(), length);
        String::from_utf8_lossy(bytes).into_owned()
    }
}

/// # Safety
/// `value` must be neither a list nor an object.
pub(super) unsafe fn leaf(value: &pg_sys::JsonbValue) -> Result<Value, String> {
    // SAFETY: by the caller; each kind reads its own part of the union.
    unsafe {
        match value.type_ {
            jbvType::jbvNull => Ok(Value::Null),
            jbvType::jbvBool => Ok(Value::Bool(value.val.boolean)),
            jbvType::jbvString => Ok(Value::String(text(value))),
            jbvType::jbvNumeric => number(value.val.numeric),
            _ => Err("cannot be read".to_owned()),
        }
    }
}

/// # Safety
/// `numeric` must be one.
unsafe fn number(numeric: pg_sys::Numeric) -> Result<Value, String> {
    // SAFETY: by the caller; the text is copied, then freed.
    let written = unsafe {
        let datum = Some(pg_sys::Datum::from(numeric));
        let out: Option<&CStr> = pgrx::direct_function_call(pg_sys::numeric_out, &[datum]);
        let written = out.and_then(|out| out.to_str().ok().map(str::to_owned));
        if let Some(out) = out {
            pg_sys::pfree(out.as_ptr().cast_mut().cast());
        }
        written.unwrap_or_default()
    };
    if written.len() > DIGITS {
        return Err(format!("is a number of more than {DIGITS} digits"));
    }
    if let Ok(whole) = written.parse::<i64>() {
        return Ok(whole.into());
    }
    written
        .parse::<Number>()
        .map(Value::Number)
        .map_err(|_| "is a number that cannot be read".to_owned())
}

/// Where the reading is: `custom.parts[2]` without its first name.
fn path(open: &[Open]) -> String {
    let mut path = String::new();
    for around in open {
        let _ = match around {
            Open::List(items) => write!(path, "[{}]", items.len()),
            Open::Object(_, key) if path.is_empty() => write!(path, "{key}"),
            Open::Object(_, key) => write!(path, ".{key}"),
        };
        // A hostile path is long: its beginning says where to look.
        if path.len() > 200 {
            let end = path.floor_char_boundary(200);
            path.truncate(end);
            path.push('…');
            break;
        }
    }
    path
}

/// Refuses what cannot be read, as a part of something with a name.
pub fn refuse(name: &str, problem: Problem) -> ! {
    let path = match problem.path.as_str() {
        "" => name.to_owned(),
        inside if inside.starts_with('[') => format!("{name}{inside}"),
        inside => format!("{name}.{inside}"),
    };
    crate::pg::error::refuse(
        "There is JSON that the desk does not take",
        &[Problem::new(path, problem.message)],
        HINT,
    )
}

/// A jsonb that stands in a row already: what cannot be read counts as null, since whoever reads it did not write it.
#[derive(Debug, Default)]
pub struct Held(pub Value);

impl FromDatum for Held {
    unsafe fn from_polymorphic_datum(
        datum: pg_sys::Datum,
        is_null: bool,
        _: pg_sys::Oid,
    ) -> Option<Self> {
        // SAFETY: callers ask for a jsonb where one is declared.
        (!is_null).then(|| Self(unsafe { read(datum) }.unwrap_or_default()))
    }
}

// SPI asks both ways of every type that is read from a row.
impl IntoDatum for Held {
    fn into_datum(self) -> Option<pg_sys::Datum> {
        pgrx::JsonB(self.0).into_datum()
    }

    fn type_oid() -> pg_sys::Oid {
        pg_sys::JSONBOID
    }
}
