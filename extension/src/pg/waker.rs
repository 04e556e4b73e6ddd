//! Notification of listeners that does not make every writer wait. NOTIFY takes one lock for the whole cluster while a
//! transaction commits; so, where the library is preloaded and `autocrm.wake_database` names the database, a writer sets
//! the latch of a background worker after its commit, and the worker alone notifies, once for all commits meanwhile.
//! Elsewhere each transaction notifies by itself.

use pgrx::bgworkers::{
    BackgroundWorker, BackgroundWorkerBuilder, BgWorkerStartTime, SignalWakeFlags,
};
use pgrx::prelude::*;
use pgrx::{GucContext, GucFlags, GucRegistry, GucSetting, PgAtomic, pg_shmem_init, pg_sys};
use std::cell::Cell;
use std::ffi::{CString, c_char};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

/// Least time between two NOTIFYs; the first is sent at once.
const PAUSE: Duration = Duration::from_millis(5);
/// Should a wake-up ever be lost, this is how long it takes to be made good.
const HEARTBEAT: Duration = Duration::from_secs(10);

static DATABASE: GucSetting<Option<CString>> = GucSetting::<Option<CString>>::new(None);
static PRELOADED: AtomicBool = AtomicBool::new(false);

/// The worker: its database in the upper half, its number among the processes plus one in the lower; 0 while
/// there is none.
// SAFETY: the name is this extension's own.
static WORKER: PgAtomic<AtomicU64> = unsafe { PgAtomic::new(c"autocrm_waker") };

thread_local! {
    static PENDING: Cell<bool> = const { Cell::new(false) };
    static WATCHING: Cell<bool> = const { Cell::new(false) };
}

unsafe extern "C-unwind" {
    /// What NOTIFY calls; pgrx does not list it.
    fn Async_Notify(channel: *const c_char, payload: *const c_char);
}

#[expect(
    unexpected_cfgs,
    reason = "pg_shmem_init! also names versions that we do not build for"
)]
pub fn init() {
    // SAFETY: a plain read.
    if !unsafe { pg_sys::process_shared_preload_libraries_in_progress } {
        // Too late for a setting of the server's start, and for shared memory.
        return;
    }
    GucRegistry::define_string_guc(
        c"autocrm.wake_database",
        c"The database whose listeners a background worker notifies; empty for none.",
        c"Takes effect at server start, with autocrm in shared_preload_libraries.",
        &DATABASE,
        GucContext::Postmaster,
        GucFlags::default(),
    );
    if database().is_some() {
        pg_shmem_init!(WORKER);
        PRELOADED.store(true, Ordering::Relaxed);
        BackgroundWorkerBuilder::new("autocrm waker")
            .set_library("autocrm")
            .set_function("autocrm_waker_main")
            .enable_spi_access()
            .set_start_time(BgWorkerStartTime::RecoveryFinished)
            .set_restart_time(Some(Duration::from_secs(5)))
            .load();
    }
}

fn database() -> Option<String> {
    DATABASE
        .get()
        .and_then(|name| name.into_string().ok())
        .filter(|name| !name.is_empty())
}

/// Tells listeners of app.events, once this transaction has committed.
pub fn wake() {
    if worker().is_none() {
        notify();
        return;
    }
    PENDING.set(true);
    if !WATCHING.replace(true) {
        // SAFETY: registered once per backend, never unregistered.
        unsafe { pg_sys::RegisterXactCallback(Some(after_transaction), std::ptr::null_mut()) };
    }
}

/// The payload is empty, so that all notices of a transaction fold into one.
fn notify() {
    // SAFETY: both are static C strings; the guard turns an error into an unwind.
    unsafe {
        pg_sys::ffi::pg_guard_ffi_boundary(|| {
            Async_Notify(c"autocrm_events".as_ptr(), c"".as_ptr());
        });
    }
}

/// The worker that serves this backend's database.
fn worker() -> Option<*mut pg_sys::PGPROC> {
    if !PRELOADED.load(Ordering::Relaxed) {
        return None;
    }
    let packed = WORKER.get().load(Ordering::Relaxed);
    // SAFETY: a plain read.
    let here = unsafe { pg_sys::MyDatabaseId };
    if packed >> 32 != u64::from(here.to_u32()) {
        return None;
    }
    let place = usize::try_from(packed & 0xFFFF_FFFF).ok()?.checked_sub(1)?;
    // SAFETY: the number was a process's own when it was published; the array outlives every process.
    Some(unsafe { (*pg_sys::ProcGlobal).allProcs.add(place) })
}

#[pg_guard]
unsafe extern "C-unwind" fn after_transaction(
    event: pg_sys::XactEvent::Type,
    _arg: *mut std::ffi::c_void,
) {
    match event {
        // What was written is visible by now.
        pg_sys::XactEvent::XACT_EVENT_COMMIT => {
            if PENDING.replace(false)
                && let Some(process) = worker()
            {
                // SAFETY: setting a latch of a process that is gone, or of its successor, does no harm.
                unsafe { pg_sys::SetLatch(&raw mut (*process).procLatch) };
            }
        }
        pg_sys::XactEvent::XACT_EVENT_ABORT | pg_sys::XactEvent::XACT_EVENT_PREPARE => {
            PENDING.set(false);
        }
        _ => {}
    }
}

#[pg_guard]
unsafe extern "C-unwind" fn withdraw(_code: i32, _arg: pg_sys::Datum) {
    WORKER.get().store(0, Ordering::Relaxed);
}

/// The worker: waits for its latch, notifies, rests.
#[pg_guard]
#[unsafe(no_mangle)]
pub extern "C-unwind" fn autocrm_waker_main(_arg: pg_sys::Datum) {
    BackgroundWorker::attach_signal_handlers(SignalWakeFlags::SIGHUP | SignalWakeFlags::SIGTERM);
    BackgroundWorker::connect_worker_to_spi(database().as_deref(), None);
    // SAFETY: this process's own entry in the array of all, withdrawn when it ends in whatever way.
    unsafe {
        pg_sys::on_shmem_exit(Some(withdraw), pg_sys::Datum::from(0));
        let place = pg_sys::MyProc.offset_from((*pg_sys::ProcGlobal).allProcs);
        let place = u64::try_from(place).unwrap_or_default() + 1;
        let database = u64::from(pg_sys::MyDatabaseId.to_u32());
        WORKER
            .get()
            .store(database << 32 | place, Ordering::Relaxed);
    }
    while BackgroundWorker::wait_latch(Some(HEARTBEAT)) {
        BackgroundWorker::transaction(notify);
        std::thread::sleep(PAUSE);
    }
    // Asked to end, as when its database is dropped: a worker that ends well would not be started again.
    // SAFETY: this process's own end, with its exit callbacks.
    unsafe { pg_sys::proc_exit(1) }
}
