//! «Пользователи»: citizens' cards, their list and search (PT-063…PT-081, PT-256…PT-262).

mod activity;
mod card;
mod form;
mod list;
mod save;
mod store;

pub use activity::{Activity, wake_up_inactive};
pub use card::{CitizenBrief, CitizenCard, card, in_sight, of_person, zone_of};
pub use form::{CitizenForm, blank_form, form_of};
pub use list::{BotState, CitizenFilter, CitizenRow, cursor_to, list};
pub use save::{Registered, change, register};
