//! Service level agreements: the check of policies, and the clocks of a ticket.

mod advance;
mod check;
