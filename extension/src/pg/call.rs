//! Arguments and answers of native functions: `let (id, words): (i64, Option<String>) = args(fcinfo);`
//!
//! Every argument is read by the type that pg_proc declares, whatever the library was built against: a declaration of
//! another release must never turn a number into an address. NULL is refused unless the argument is an `Option`.

use crate::pg::error::{fail, refuse};
use crate::pg::json::{self, Held};
use crate::pg::json_member::Unpacked;
use autocrm_core::problem::Problem;
use pgrx::prelude::*;
use pgrx::{FromDatum, IntoDatum, pg_sys};
use serde_json::Value;

/// How many bytes of jsonb or of text a native function takes in one argument.
const MOST_BYTES: usize = 8 << 20;
/// How many elements a list may have.
const MOST_ELEMENTS: usize = 100_000;

pub trait Argument: Sized {
    const TYPE: pg_sys::Oid;

    /// # Safety
    /// `datum` is a value of `TYPE`.
    unsafe fn read(datum: pg_sys::Datum, place: usize) -> Self;

    fn absent(place: usize) -> Self {
        let message = format!("Argument {} must not be NULL", place + 1);
        fail("TK422", &message, None, Some("Give a value."))
    }
}

impl<T: Argument> Argument for Option<T> {
    const TYPE: pg_sys::Oid = T::TYPE;

    unsafe fn read(datum: pg_sys::Datum, place: usize) -> Self {
        // SAFETY: by the caller.
        Some(unsafe { T::read(datum, place) })
    }

    fn absent(_: usize) -> Self {
        None
    }
}

macro_rules! by_value {
    ($($kind:ty => $oid:expr),* $(,)?) => {$(
        impl Argument for $kind {
            const TYPE: pg_sys::Oid = $oid;

            unsafe fn read(datum: pg_sys::Datum, place: usize) -> Self {
                // SAFETY: of this type, by the caller.
                unsafe { <$kind>::from_datum(datum, false) }.unwrap_or_else(|| Self::absent(place))
            }
        }
    )*};
}

by_value!(
    i64 => pg_sys::INT8OID,
    i32 => pg_sys::INT4OID,
    bool => pg_sys::BOOLOID,
    f64 => pg_sys::FLOAT8OID,
    TimestampWithTimeZone => pg_sys::TIMESTAMPTZOID,
);

/// A timestamptz as microseconds since 2000, the infinities at the ends.
pub struct Micros(pub i64);

impl Argument for Micros {
    const TYPE: pg_sys::Oid = pg_sys::TIMESTAMPTZOID;

    unsafe fn read(datum: pg_sys::Datum, place: usize) -> Self {
        // SAFETY: a timestamptz is 64 bits by value.
        Self(unsafe { i64::from_datum(datum, false) }.unwrap_or_else(|| i64::absent(place)))
    }
}

impl Argument for String {
    const TYPE: pg_sys::Oid = pg_sys::TEXTOID;

    unsafe fn read(datum: pg_sys::Datum, place: usize) -> Self {
        // SAFETY: a text, by the caller.
        let text = unsafe {
            bounded(datum, place);
            <&str>::from_datum(datum, false)
        };
        text.map(str::to_owned).unwrap_or_default()
    }
}

/// A bytea.
pub struct Bytes(pub Vec<u8>);

impl Argument for Bytes {
    const TYPE: pg_sys::Oid = pg_sys::BYTEAOID;

    unsafe fn read(datum: pg_sys::Datum, place: usize) -> Self {
        // SAFETY: a bytea, by the caller.
        let bytes = unsafe {
            bounded(datum, place);
            Vec::<u8>::from_datum(datum, false)
        };
        Self(bytes.unwrap_or_default())
    }
}

/// A jsonb as the argument was given, for those who look at its bytes.
pub struct Jsonb {
    pub(super) datum: pg_sys::Datum,
    place: usize,
}

impl Jsonb {
    /// Its stored form: two that are equal byte by byte have the same value.
    pub fn bytes(&self) -> &[u8] {
        // SAFETY: a detoasted varlena holds as many bytes as it says, for as long as the call.
        unsafe {
            let packed = pg_sys::pg_detoast_datum_packed(self.datum.cast_mut_ptr());
            std::slice::from_raw_parts(
                pgrx::varlena::vardata_any(packed).cast::<u8>(),
                pgrx::varlena::varsize_any_exhdr(packed),
            )
        }
    }

    /// Its value; TK422 for what the desk does not take.
    pub fn value(&self) -> Value {
        // SAFETY: a jsonb, by read().
        unsafe { json(self.datum, self.place) }
    }
}

impl Argument for Jsonb {
    const TYPE: pg_sys::Oid = pg_sys::JSONBOID;

    unsafe fn read(datum: pg_sys::Datum, place: usize) -> Self {
        // SAFETY: a jsonb, by the caller.
        unsafe { bounded(datum, place) };
        Self { datum, place }
    }
}

/// A jsonb of any size, for functions that raise for no value.
pub struct Whole(pg_sys::Datum);

impl Whole {
    pub fn unpacked(&self) -> Unpacked<'_> {
        // SAFETY: a jsonb, by read(); arguments live as long as the call.
        unsafe { Unpacked::of(self.0) }
    }
}

impl Argument for Whole {
    const TYPE: pg_sys::Oid = pg_sys::JSONBOID;

    unsafe fn read(datum: pg_sys::Datum, _: usize) -> Self {
        Self(datum)
    }
}

impl Argument for Value {
    const TYPE: pg_sys::Oid = pg_sys::JSONBOID;

    unsafe fn read(datum: pg_sys::Datum, place: usize) -> Self {
        // SAFETY: a jsonb, by the caller.
        unsafe {
            bounded(datum, place);
            json(datum, place)
        }
    }
}

/// The value of a jsonb; TK422 for what the desk does not take.
///
/// # Safety
/// `datum` is a jsonb.
unsafe fn json(datum: pg_sys::Datum, place: usize) -> Value {
    super::interrupts();
    // SAFETY: by the caller.
    unsafe { json::read(datum) }
        .unwrap_or_else(|problem| json::refuse(&format!("argument {}", place + 1), problem))
}

impl Argument for Held {
    const TYPE: pg_sys::Oid = pg_sys::JSONBOID;

    unsafe fn read(datum: pg_sys::Datum, _: usize) -> Self {
        // SAFETY: a jsonb, by the caller.
        Self(unsafe { json::read(datum) }.unwrap_or_default())
    }
}

impl Argument for Vec<Option<i64>> {
    const TYPE: pg_sys::Oid = pg_sys::INT8ARRAYOID;

    unsafe fn read(datum: pg_sys::Datum, place: usize) -> Self {
        // SAFETY: a bigint[], by the caller.
        unsafe { elements::<i64>(datum, place) }
    }
}

impl Argument for Vec<Option<String>> {
    const TYPE: pg_sys::Oid = pg_sys::TEXTARRAYOID;

    unsafe fn read(datum: pg_sys::Datum, place: usize) -> Self {
        // SAFETY: a text[], by the caller.
        unsafe { elements::<String>(datum, place) }
    }
}

/// # Safety
/// `datum` is an array of this type.
unsafe fn elements<T>(datum: pg_sys::Datum, place: usize) -> Vec<Option<T>>
where
    Vec<Option<T>>: FromDatum,
{
    // SAFETY: by the caller; an array's dimensions stand behind its head.
    unsafe {
        bounded(datum, place);
        let array = pg_sys::pg_detoast_datum(datum.cast_mut_ptr())
            .cast::<std::ffi::c_void>()
            .cast::<pg_sys::ArrayType>();
        let count = pg_sys::ArrayGetNItems((*array).ndim, array.add(1).cast::<std::ffi::c_int>());
        if usize::try_from(count).is_ok_and(|count| count > MOST_ELEMENTS) {
            too_much(
                place,
                &format!("has {count} elements, at most {MOST_ELEMENTS} are taken"),
            );
        }
        Vec::<Option<T>>::from_datum(pg_sys::Datum::from(array), false).unwrap_or_default()
    }
}

/// Refuses a value that is larger than anything useful, before it is unpacked.
///
/// # Safety
/// `datum` is a varlena.
unsafe fn bounded(datum: pg_sys::Datum, place: usize) {
    // SAFETY: by the caller; this reads the header alone.
    let size = unsafe { pg_sys::toast_raw_datum_size(datum) };
    if size > MOST_BYTES {
        too_much(
            place,
            &format!("has {size} bytes, at most {MOST_BYTES} are taken"),
        );
    }
}

fn too_much(place: usize, message: &str) -> ! {
    let place = format!("argument {}", place + 1);
    refuse(
        "This is too large",
        &[Problem::new(place, message)],
        "Give less at once.",
    )
}

pub trait Arguments: Sized {
    fn read(fcinfo: pg_sys::FunctionCallInfo) -> Self;
}

/// The arguments of the call.
pub fn args<T: Arguments>(fcinfo: pg_sys::FunctionCallInfo) -> T {
    T::read(fcinfo)
}

macro_rules! tuples {
    ($($names:ident $places:tt),*) => {
        impl<$($names: Argument),*> Arguments for ($($names,)*) {
            fn read(fcinfo: pg_sys::FunctionCallInfo) -> Self {
                check(fcinfo, &[$($names::TYPE),*]);
                ($(one::<$names>(fcinfo, $places),)*)
            }
        }
    };
}

tuples!(A 0);
tuples!(A 0, B 1);
tuples!(A 0, B 1, C 2);
tuples!(A 0, B 1, C 2, D 3);
tuples!(A 0, B 1, C 2, D 3, E 4);

fn one<T: Argument>(fcinfo: pg_sys::FunctionCallInfo, place: usize) -> T {
    // SAFETY: check() found at least so many arguments, of these types.
    unsafe {
        let argument = *(*fcinfo).args.as_ptr().add(place);
        if argument.isnull {
            T::absent(place)
        } else {
            T::read(argument.value, place)
        }
    }
}

/// Marks a call site whose declaration was looked at.
static CHECKED: u8 = 0;

/// Refuses a function that is declared with other types than these. Once for each call site, where nothing else may be
/// kept.
fn check(fcinfo: pg_sys::FunctionCallInfo, wanted: &[pg_sys::Oid]) {
    let mark = (&raw const CHECKED).cast_mut().cast();
    // SAFETY: the call's own fcinfo.
    unsafe {
        let info = (*fcinfo).flinfo;
        if info.is_null() || (*info).fn_extra != mark {
            need_declared(fcinfo, wanted);
            assert!((*info).fn_extra.is_null(), "the call site keeps a value");
            (*info).fn_extra = mark;
        }
    }
}

/// Whether this is the mark of a call site whose arguments were read here.
pub(super) fn is_mark(kept: *mut std::ffi::c_void) -> bool {
    kept.cast_const().cast() == &raw const CHECKED
}

fn need_declared(fcinfo: pg_sys::FunctionCallInfo, wanted: &[pg_sys::Oid]) {
    // SAFETY: the call's own fcinfo; what is declared is copied for us.
    let fits = unsafe {
        let given = usize::try_from((*fcinfo).nargs).unwrap_or_default();
        let info = (*fcinfo).flinfo;
        !info.is_null() && given >= wanted.len() && {
            let (mut types, mut count) = (std::ptr::null_mut(), 0);
            pg_sys::get_func_signature((*info).fn_oid, &raw mut types, &raw mut count);
            let count = usize::try_from(count).unwrap_or_default();
            let fits = count >= wanted.len()
                && (wanted.is_empty() || std::slice::from_raw_parts(types, wanted.len()) == wanted);
            pg_sys::pfree(types.cast());
            fits
        }
    };
    if !fits {
        fail(
            "TK500",
            "This function is declared by another release",
            None,
            Some("Run: autocrm migrate"),
        );
    }
}

/// A value as the function's answer; NULL is set in fcinfo.
pub fn answer<T: IntoDatum>(fcinfo: pg_sys::FunctionCallInfo, value: Option<T>) -> pg_sys::Datum {
    let datum = value.and_then(IntoDatum::into_datum);
    // SAFETY: fcinfo is the one Postgres called with.
    unsafe { (*fcinfo).isnull = datum.is_none() };
    datum.unwrap_or(pg_sys::Datum::from(0))
}
