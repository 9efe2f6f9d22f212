//! «Программа поддержки»: series of reminders, what comes due, what was sent and how people answered.
//!
//! A series holds its rule and a *cursor*: the next occurrence and the moment it must be handed over. Occurrences become rows
//! only when they come due or when something is said about one of them; what lies ahead is expanded from the rule. Excluded
//! dates are not rows either: they are dates of the rule that an exclusion covers (decision 0003).

mod calendar;
mod change;
mod copies;
mod deviations;
pub mod draft;
pub mod due;
mod ending;
mod exclusions;
mod kind;
mod lately;
mod load;
mod mark;
mod meetings;
mod message;
mod occurrence;
mod opened;
pub mod outcome;
pub(super) mod past;
mod plan;
mod preview;
mod react;
mod replan;
mod series;
mod state;
pub mod story;
mod time_zones;
mod upcoming;

pub use calendar::{Entry, calendar};
pub use change::{Changed, Editing, Reach, change, delete, load_form};
pub use deviations::{Deviation, deviations_of};
pub use draft::{Preview, PreviewDate, ReminderForm, preview, preview_change};
pub(super) use ending::work_out_last_dates;
pub use kind::Kind;
pub use lately::{WINDOW, Watched, lately};
pub use load::{LoadDay, MOST_SERIES, load, load_of};
pub use mark::{mark, tick};
pub(super) use meetings::Slot;
pub use meetings::{Meeting, MeetingFilter, meetings, overlap};
pub use message::line;
pub(super) use occurrence::store::is_deviation;
pub use plan::plan;
pub use react::{Reacted, react};
pub use replan::{replan_district, replan_own, replan_person, resume_person, stop_person};
pub use state::{Dot, OccurrenceState, Reason};
pub use time_zones::follow_time_zones;
pub use upcoming::{LISTED_AT_MOST, Line, Listing, Upcoming, upcoming};
