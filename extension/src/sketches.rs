//! Quantile sketches as aggregates and functions of SQL: thin shells over `autocrm_core::sketch`. A sketch is a bytea.

use crate::pg::aggregate::{self, State};
use crate::pg::call::{Bytes, answer, args};
use crate::pg::error::{native, refuse};
use autocrm_core::problem::Problem;
use autocrm_core::sketch::{Sketch, Unusable};

fn unusable(path: &str, problem: Unusable) -> ! {
    refuse(
        "This sketch cannot be counted",
        &[Problem::new(path, problem.message())],
        "Give finite numbers, and sketches as the database answered them.",
    )
}

fn parse(path: &str, bytes: &Bytes) -> Sketch {
    Sketch::parse(&bytes.0).unwrap_or_else(|problem| unusable(path, problem))
}

/// An empty sketch is NULL.
fn written(sketch: &Sketch) -> Option<Vec<u8>> {
    (!sketch.is_empty()).then(|| sketch.bytes())
}

/// The state as it is, where there is nothing to add: the memory of a group without values stays empty.
fn unchanged(fcinfo: pgrx::pg_sys::FunctionCallInfo, state: Option<State>) -> pgrx::pg_sys::Datum {
    match state {
        Some(state) => aggregate::change::<Sketch>(fcinfo, Some(state), |_| {}),
        None => answer::<i64>(fcinfo, None),
    }
}

fn add(
    fcinfo: pgrx::pg_sys::FunctionCallInfo,
    state: Option<State>,
    value: Option<f64>,
    times: i64,
) -> pgrx::pg_sys::Datum {
    let Some(value) = value else {
        return unchanged(fcinfo, state);
    };
    aggregate::change(fcinfo, state, |sketch: &mut Sketch| {
        sketch
            .add(value, times)
            .unwrap_or_else(|problem| unusable("value", problem));
    })
}

// `select autocrm.sketch(x) from unnest(array[1, 2, 3]::double precision[]) x`
native!(sketch_add, pg_finfo_sketch_add, |fcinfo| {
    let (state, value): (Option<State>, Option<f64>) = args(fcinfo);
    add(fcinfo, state, value, 1)
});

// `select autocrm.sketch(x, -1) from unnest(array[1, 2, 3]::double precision[]) x`
native!(sketch_add_times, pg_finfo_sketch_add_times, |fcinfo| {
    let (state, value, times): (Option<State>, Option<f64>, Option<i64>) = args(fcinfo);
    add(fcinfo, state, value, times.unwrap_or_default())
});

// `select autocrm.merge_sketches(s) from (values (autocrm.…)) v (s)`
native!(sketch_merge, pg_finfo_sketch_merge, |fcinfo| {
    let (state, other): (Option<State>, Option<Bytes>) = args(fcinfo);
    let Some(other) = other else {
        return unchanged(fcinfo, state);
    };
    aggregate::change(fcinfo, state, |sketch: &mut Sketch| {
        sketch
            .merge_bytes(&other.0)
            .unwrap_or_else(|problem| unusable("sketch", problem));
    })
});

native!(sketch_result, pg_finfo_sketch_result, |fcinfo| {
    let (state,): (Option<State>,) = args(fcinfo);
    let result = aggregate::result(fcinfo, state, written);
    answer(fcinfo, result.flatten())
});

// `select autocrm.add_sketches(null, null)  -- NULL`
native!(add_sketches, pg_finfo_add_sketches, |fcinfo| {
    let (one, other): (Option<Bytes>, Option<Bytes>) = args(fcinfo);
    let mut sum = one.map_or_else(Sketch::default, |one| parse("sketch", &one));
    if let Some(other) = other {
        sum.merge_bytes(&other.0)
            .unwrap_or_else(|problem| unusable("other", problem));
    }
    answer(fcinfo, written(&sum))
});

// `select autocrm.quantile(autocrm.sketch(x), 0.9) from generate_series(1, 100) x  -- about 90`
native!(quantile, pg_finfo_quantile, |fcinfo| {
    let (sketch, share): (Bytes, f64) = args(fcinfo);
    if !(0.0..=1.0).contains(&share) {
        refuse(
            "There is no such quantile",
            &[Problem::new("share", "must be a number from 0 to 1")],
            "Ask for 0.5, the median, or 0.9.",
        );
    }
    let found = parse("sketch", &sketch)
        .quantile(share)
        .unwrap_or_else(|problem| unusable("sketch", problem));
    answer(fcinfo, found)
});
