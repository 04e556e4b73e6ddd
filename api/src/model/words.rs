//! The words of which a value is one: what the enums and checks of the database allow.

/// Defines enums that are written as the given texts.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$word_doc:meta])* $word:ident = $text:tt),* $(,)? })*) => {
        $($(#[$doc])* #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        pub enum $name { $($(#[$word_doc])* #[serde(rename = $text)] $word),* }

        impl $name {
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$word => $text),* }
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.as_str() == *other
            }
        })*
    };
}

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

words! {
    StatusCategory { New = "new", Open = "open", Pending = "pending", OnHold = "on_hold", Solved = "solved", Closed = "closed" }
    TicketType { Question = "question", Incident = "incident", Problem = "problem", Task = "task" }
    Channel { Web = "web", Email = "email", Api = "api", Phone = "phone", Chat = "chat", Social = "social", Import = "import" }
    MessageKind { Reply = "reply", Note = "note", System = "system" }
    /// What people write
    WrittenKind { Reply = "reply", Note = "note" }
    /// `cc`: receives public replies by e-mail
    FollowerKind { Follower = "follower", Cc = "cc" }
    MetricInterval { Hour = "hour", Day = "day", Week = "week", Month = "month" }
    MetricGrouping { Team = "team", Agent = "agent", Channel = "channel", Priority = "priority" }
    PresenceState { Viewing = "viewing", WritingReply = "writing_reply", WritingNote = "writing_note", Left = "left" }
    /// What another ticket is to this one
    LinkRelation {
        MergedInto = "merged_into", MergedFrom = "merged_from", SplitFrom = "split_from", SplitInto = "split_into",
        IncidentOf = "incident_of", ProblemOf = "problem_of", ChildOf = "child_of", ParentOf = "parent_of",
        FollowUpOf = "follow_up_of", FollowedUpBy = "followed_up_by", Related = "related",
    }
    /// Links that people make; the others come from what was done
    NewLinkRelation { IncidentOf = "incident_of", ProblemOf = "problem_of", ChildOf = "child_of", ParentOf = "parent_of", Related = "related" }
    /// What becomes of the texts that an erased person wrote
    ErasureTexts { Redact = "redact", Keep = "keep" }
    /// incomplete: some rows could not be changed
    ErasureStatus { Running = "running", Done = "done", Incomplete = "incomplete" }
    RetentionMoment { Created = "created", Solved = "solved", Closed = "closed", Trashed = "trashed" }
    /// `anonymise`: texts, files and requester go, figures stay
    RetentionAction {
        Delete = "delete", Anonymise = "anonymise",
        /// Closed tickets move to the archive
        Archive = "archive",
    }
    SlaMetric {
        FirstReply = "first_reply", NextReply = "next_reply", PeriodicUpdate = "periodic_update",
        /// As `periodic_update`, but pending time does not count
        PausableUpdate = "pausable_update",
        RequesterWait = "requester_wait", AgentWork = "agent_work", Resolution = "resolution",
    }
    /// `business`: those of the schedule of the ticket's organization, or else of its team
    SlaHours { Calendar = "calendar", Business = "business" }
    SlaClockState { Running = "running", Paused = "paused", Fulfilled = "fulfilled" }
    BulkAction { Update = "update", Macro = "macro", Merge = "merge", Delete = "delete", Restore = "restore" }
    BulkStatus { Queued = "queued", Running = "running", Done = "done", Cancelled = "cancelled", Undoing = "undoing", Undone = "undone" }
    BulkItemState { Pending = "pending", Done = "done", Failed = "failed", Skipped = "skipped", Undone = "undone", Kept = "kept" }
    UserRole { Admin = "admin", Agent = "agent", Customer = "customer", Analyst = "analyst", Integration = "integration" }
    /// `teams`: those of one's own teams
    TicketAccess { All = "all", Teams = "teams" }
    /// Only who is online receives tickets by routing
    Availability { Online = "online", Away = "away", Busy = "busy", Offline = "offline" }
    /// Why somebody could be given a ticket now, or could not; `paced`: the team leaves time between two
    CandidateReason {
        HasRoom = "has_room", NoLogIn = "no_log_in", NoAgent = "no_agent", Away = "away", Busy = "busy", Offline = "offline",
        OffShift = "off_shift", LacksSkills = "lacks_skills", Full = "full", Paced = "paced",
    }
    InteractionKind { Created = "created", Replied = "replied", Solved = "solved" }
    NotificationKind {
        Mentioned = "mentioned", RequesterReplied = "requester_replied", Assigned = "assigned", Followed = "followed",
        TeamUnassigned = "team_unassigned",
    }
    /// `email`: at once; `digest`: by e-mail, gathered; both in the app too
    NotificationDelivery { InApp = "in_app", Email = "email", Digest = "digest", Off = "off" }
    DigestPeriod { Hourly = "hourly", Daily = "daily" }
    MailKind { Notification = "notification", Digest = "digest" }
    /// `dropped`: there was nothing left to say
    MailState { Waiting = "waiting", Sent = "sent", Dropped = "dropped", Failed = "failed" }
    MacroScope { Shared = "shared", Team = "team", Private = "private" }
    ViewVisibility { Everyone = "everyone", Team = "team", Private = "private" }
    FieldType {
        Text = "text", Multiline = "multiline", Integer = "integer", Decimal = "decimal", Boolean = "boolean", Date = "date",
        Datetime = "datetime", Dropdown = "dropdown", Multiselect = "multiselect", Regex = "regex", Url = "url",
        Email = "email", Relation = "relation",
    }
    /// When a form demands a field
    FormRequirement { Create = "create", Solve = "solve", Never = "never" }
    /// Who may choose a form
    FormAudience { Agent = "agent", Customer = "customer" }
    /// `move`: to where those who may see the field find them; `fill`: where they are missing
    FieldJobKind { Move = "move", Fill = "fill" }
    FieldJobStatus { Queued = "queued", Running = "running", Done = "done", Cancelled = "cancelled" }
    /// Which agent of a team receives the next ticket; `none`: nobody
    Balancing { LeastLoaded = "least_loaded", RoundRobin = "round_robin", MostSkilled = "most_skilled", None = "none" }
    /// The same, for one ticket
    TicketBalancing {
        LeastLoaded = "least_loaded", RoundRobin = "round_robin", MostSkilled = "most_skilled", FollowTheSun = "follow_the_sun",
        None = "none",
    }
    Weekday { Mon = "mon", Tue = "tue", Wed = "wed", Thu = "thu", Fri = "fri", Sat = "sat", Sun = "sun" }
    RuleKind { Trigger = "trigger", Automation = "automation" }
    Scope {
        TicketsRead = "tickets:read", TicketsWrite = "tickets:write", NotesRead = "notes:read", NotesWrite = "notes:write",
        UsersRead = "users:read", UsersWrite = "users:write", ObjectsRead = "objects:read", ObjectsWrite = "objects:write",
    }
    /// What a test of a condition asks; which of them fit a field, `/api/condition-schema` says
    Operator {
        Is = "is", IsNot = "is_not", In = "in", NotIn = "not_in", Contains = "contains", NotContains = "not_contains",
        ContainsWord = "contains_word", StartsWith = "starts_with", EndsWith = "ends_with", Matches = "matches", Less = "less",
        Greater = "greater", Between = "between", IncludesAll = "includes_all", IncludesAny = "includes_any",
        IncludesNone = "includes_none", Before = "before", After = "after", WithinLast = "within_last",
        WithinSchedule = "within_schedule", OutsideSchedule = "outside_schedule", Changed = "changed", ChangedTo = "changed_to",
        ChangedFrom = "changed_from", Present = "present", Absent = "absent",
    }
}
