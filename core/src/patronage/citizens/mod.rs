//! «Пользователи»: citizens' cards, their list and search (PT-063…PT-081, PT-256…PT-262).

mod activity;
mod card;
mod deletion;
mod form;
mod lines;
pub(in crate::patronage) mod list;
mod save;
pub mod selection;
mod store;
mod transfer;

pub use activity::{Activity, wake_up_inactive};
pub use card::{CitizenBrief, CitizenCard, card, in_sight, of_person, zone_of};
pub(in crate::patronage) use deletion::undo_since;
pub use deletion::{DeletedRow, UNDO_DAYS, delete, deleted, restore};
pub use form::{CitizenForm, blank_form, form_of};
pub use lines::CitizenLine;
pub(in crate::patronage) use lines::lines_of;
pub use list::{BotState, CitizenFilter, CitizenRow, Order, cursor_to, list};
pub(in crate::patronage) use list::{Search, Trigrams, look_for, words as search_words};
pub(in crate::patronage) use save::examine;
pub use save::{Registered, change, register};
pub use transfer::transfer;
