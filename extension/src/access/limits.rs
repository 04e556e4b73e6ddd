//! What a person at a SQL prompt may set at most, however they set it: by SET, by set_config(), by the options of a
//! connection.

use crate::access::people::{is_api, is_guarded, refuse};
use crate::pg::settings::{self, Check};
use std::ffi::{CStr, c_int};

/// Settings that would tell what the planner knows of hidden rows, or how much the desk's own functions work with.
const PRINTS: [&CStr; 5] = [
    c"debug_print_parse",
    c"debug_print_rewritten",
    c"debug_print_plan",
    c"trace_sort",
    c"trace_notify",
];
/// What a person may set at most: work_mem in kB, how often hashing may take that, processes that help with a query,
/// and how many tables the planner tries in every order, which takes memory without end.
const MEMORY: i32 = 65_536;
const TIMES: f64 = 2.0;
const HELPERS: i32 = 2;
const TRIED: i32 = 12;

pub fn init() {
    settings::check_integer::<Memory>(c"work_mem");
    settings::check_number::<Times>(c"hash_mem_multiplier");
    settings::check_integer::<Helpers>(c"max_parallel_workers_per_gather");
    for name in [
        c"join_collapse_limit",
        c"from_collapse_limit",
        c"geqo_threshold",
    ] {
        settings::check_integer::<Tried>(name);
    }
    settings::check_switch::<Geqo>(c"geqo");
    for name in PRINTS {
        settings::check_switch::<Prints>(name);
    }
}

struct Memory;

impl Check for Memory {
    type Value = c_int;

    fn check(value: c_int) {
        limit(
            value <= MEMORY,
            &format!("More than {MEMORY} kB of work_mem"),
        );
    }
}

struct Times;

impl Check for Times {
    type Value = f64;

    fn check(value: f64) {
        limit(
            value <= TIMES,
            &format!("A hash_mem_multiplier beyond {TIMES}"),
        );
    }
}

struct Helpers;

impl Check for Helpers {
    type Value = c_int;

    fn check(value: c_int) {
        let what = format!("max_parallel_workers_per_gather beyond {HELPERS}");
        limit(value <= HELPERS, &what);
    }
}

struct Tried;

impl Check for Tried {
    type Value = c_int;

    fn check(value: c_int) {
        let what = format!("Having the planner try more than {TRIED} tables in every order");
        limit(value <= TRIED, &what);
    }
}

struct Geqo;

impl Check for Geqo {
    type Value = bool;

    fn check(value: bool) {
        limit(value, "Setting geqo off");
    }
}

struct Prints;

impl Check for Prints {
    type Value = bool;

    fn check(value: bool) {
        limit(!value, "Printing plans and traces");
    }
}

/// Refuses what a person sets too high.
fn limit(fits: bool, what: &str) {
    if !fits && !is_api() && is_guarded() {
        refuse(what);
    }
}
