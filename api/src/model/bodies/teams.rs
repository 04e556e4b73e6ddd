//! Bodies of teams, skills, business hours and loads.

use super::super::texts::FocusArea;
use super::super::words::{Balancing, Weekday};
use super::shapes::{bodies, bodies_of};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;

bodies_of! {
    CreateTeam { "name": "Returns", "color": "#336699", "balancing": "least_loaded" }
    UpdateTeam { "wrap_up_seconds": 120 }
        needs {
            #[schema(min_length = 1, max_length = 100)]
            name: String,
        }
        takes {
            #[schema(pattern = "^#[0-9a-f]{6}$")]
            color: String,
            #[schema(max_length = 10_000)]
            description: String,
            /// What it is there for
            #[schema(max_items = 100)]
            focus_areas: Vec<FocusArea>,
            active: bool,
            balancing: Balancing,
            #[schema(minimum = 0, maximum = 86_400)]
            wrap_up_seconds: i32,
        }
        or_null {
            /// Its business hours; null: always open
            schedule_id: i64,
            /// At most so many tickets to one agent in fair_minutes; both or neither
            #[schema(minimum = 1, maximum = 100)]
            fair_count: i32,
            #[schema(minimum = 1, maximum = 1440)]
            fair_minutes: i32,
            #[schema(minimum = 1, maximum = 1440)]
            ramp_minutes: i32,
            /// Open work of who is away goes back after this long; null is never
            #[schema(minimum = 0, maximum = 10_080)]
            hand_back_minutes: i32,
        };

    CreateSkill { "name": "Refunds abroad", "description": "Knows the rules of the EU" }
    UpdateSkill { "description": "Reads and writes German" }
        needs {
            #[schema(min_length = 1, max_length = 100)]
            name: String,
        }
        takes {
            #[schema(max_length = 10_000)]
            description: String,
        };
}

bodies! {
    AddMember { "lead": true }
        takes {
            /// false by default
            lead: bool,
        };

    /// Percent of a slot, by channel.
    SetChannelLoads { "chat": 50 }
        takes {
            #[schema(minimum = 1, maximum = 1000)]
            web: i32,
            #[schema(minimum = 1, maximum = 1000)]
            email: i32,
            #[schema(minimum = 1, maximum = 1000)]
            api: i32,
            #[schema(minimum = 1, maximum = 1000)]
            phone: i32,
            #[schema(minimum = 1, maximum = 1000)]
            chat: i32,
            #[schema(minimum = 1, maximum = 1000)]
            social: i32,
            #[schema(minimum = 1, maximum = 1000)]
            import: i32,
        };

    /// In wall time; past midnight when `to` is not after `from`
    WeeklyHours { "day": "mon", "from": "09:00", "to": "17:00" }
        needs {
            day: Weekday,
            #[schema(max_length = 5)]
            from: String,
            #[schema(max_length = 5)]
            to: String,
        };

    Hours { "from": "09:00", "to": "12:00" }
        needs {
            #[schema(max_length = 5)]
            from: String,
            #[schema(max_length = 5)]
            to: String,
        };

    /// The hours of one date; none: closed
    ScheduleException { "date": "2026-12-24", "intervals": [{"from": "09:00", "to": "12:00"}] }
        needs {
            date: NaiveDate,
            #[schema(max_items = 4000)]
            intervals: Vec<Hours>,
        };
}

bodies_of! {
    CreateSchedule {
        "name": "Office", "time_zone": "Europe/Berlin", "weekly": [{"day": "mon", "from": "09:00", "to": "17:00"}],
        "holidays": ["2026-12-25"]
    }
    UpdateSchedule { "holidays": ["2026-12-25", "2026-12-26"] }
        needs {
            #[schema(min_length = 1, max_length = 100)]
            name: String,
            /// An IANA name such as Europe/Berlin
            #[schema(max_length = 64)]
            time_zone: String,
        }
        takes {
            #[schema(max_items = 4000)]
            weekly: Vec<WeeklyHours>,
            /// Dates such as 2026-12-25
            #[schema(max_items = 4000)]
            holidays: Vec<NaiveDate>,
            #[schema(max_items = 4000)]
            exceptions: Vec<ScheduleException>,
        };
}
