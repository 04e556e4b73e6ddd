//! What stands under one key of a jsonb, read without the rest of it.

use crate::pg::json::{BYTES, leaf, root, walk};
use pgrx::pg_sys::{self, jbvType};
use serde_json::Value;
use std::ffi::CStr;
use std::marker::PhantomData;

/// A jsonb in one piece; what had to be unpacked for it is freed with it.
pub struct Unpacked<'a> {
    whole: *mut pg_sys::varlena,
    is_copy: bool,
    lives: PhantomData<&'a ()>,
}

impl Unpacked<'_> {
    /// # Safety
    /// `datum` is a jsonb that lives for the lifetime.
    pub(super) unsafe fn of(datum: pg_sys::Datum) -> Self {
        let given: *mut pg_sys::varlena = datum.cast_mut_ptr();
        // SAFETY: by the caller.
        let whole = unsafe { pg_sys::pg_detoast_datum(given) };
        Self {
            whole,
            is_copy: whole != given,
            lives: PhantomData,
        }
    }

    /// What stands under a key, if it is an object that has it.
    pub fn member(&self, key: &str) -> Option<Member<'_>> {
        // SAFETY: detoasted; what is found is written to a value of ours, and points into the jsonb.
        unsafe {
            let root = root(self.whole);
            if (*root).header & pg_sys::JB_FOBJECT == 0 {
                return None;
            }
            let mut value: pg_sys::JsonbValue = std::mem::zeroed();
            let found = pg_sys::getKeyJsonValueFromContainer(
                root,
                key.as_ptr().cast(),
                i32::try_from(key.len()).ok()?,
                &raw mut value,
            );
            (!found.is_null()).then_some(Member {
                value,
                lives: PhantomData,
            })
        }
    }
}

impl Drop for Unpacked<'_> {
    fn drop(&mut self) {
        // After an error its memory is freed as a whole.
        if self.is_copy && !std::thread::panicking() {
            // SAFETY: a copy of its own; members do not outlive it.
            unsafe { pg_sys::pfree(self.whole.cast()) };
        }
    }
}

/// A value within a jsonb.
pub struct Member<'a> {
    value: pg_sys::JsonbValue,
    lives: PhantomData<&'a ()>,
}

impl Member<'_> {
    /// Appends bytes that stand for this text or number and for no other; `false` for anything else.
    pub fn identify(&self, out: &mut Vec<u8>) -> bool {
        // SAFETY: in memory still; the union is read as its tag says.
        unsafe {
            match self.value.type_ {
                jbvType::jbvString => {
                    out.push(b't');
                    out.extend_from_slice(self.bytes());
                }
                jbvType::jbvNumeric => {
                    out.push(b'n');
                    let number = self.value.val.numeric.cast::<pg_sys::varlena>();
                    out.extend_from_slice(std::slice::from_raw_parts(
                        number.cast::<u8>(),
                        pgrx::varlena::varsize_any(number),
                    ));
                }
                _ => return false,
            }
        }
        true
    }

    /// Its value; null for what cannot be read, as of `Held`.
    pub fn value(&self) -> Value {
        // SAFETY: in memory still; the union is read as its tag says.
        unsafe {
            if self.value.type_ == jbvType::jbvBinary {
                let nested = self.value.val.binary;
                if usize::try_from(nested.len).is_ok_and(|length| length <= BYTES) {
                    walk(nested.data).unwrap_or_default()
                } else {
                    Value::Null
                }
            } else {
                leaf(&self.value).unwrap_or_default()
            }
        }
    }

    /// The text, number or boolean that it is. A number beyond all floats is the greatest of them, so that it still has
    /// its place in the order.
    pub fn scalar(&self) -> Option<Value> {
        // SAFETY: in memory still; the union is read as its tag says, and a numeric's text is NUL-terminated.
        unsafe {
            match self.value.type_ {
                jbvType::jbvString => {
                    Some(String::from_utf8_lossy(self.bytes()).into_owned().into())
                }
                jbvType::jbvNumeric => {
                    let text = CStr::from_ptr(
                        pg_sys::OidFunctionCall1Coll(
                            pg_sys::Oid::from(pg_sys::F_NUMERIC_OUT),
                            pg_sys::InvalidOid,
                            pg_sys::Datum::from(self.value.val.numeric),
                        )
                        .cast_mut_ptr(),
                    )
                    .to_string_lossy();
                    let exact: Option<Value> = serde_json::from_str(&text).ok();
                    exact
                        .filter(|number| number.as_f64().is_some())
                        .or_else(|| {
                            let greatest = if text.starts_with('-') {
                                f64::MIN
                            } else {
                                f64::MAX
                            };
                            serde_json::Number::from_f64(greatest).map(Into::into)
                        })
                }
                jbvType::jbvBool => Some(self.value.val.boolean.into()),
                _ => None,
            }
        }
    }

    /// The bytes of a text.
    ///
    /// # Safety
    /// It is one.
    unsafe fn bytes(&self) -> &[u8] {
        // SAFETY: by the caller; a text has as many bytes as it says.
        unsafe {
            let text = self.value.val.string;
            std::slice::from_raw_parts(
                text.val.cast::<u8>(),
                usize::try_from(text.len).unwrap_or_default(),
            )
        }
    }
}
