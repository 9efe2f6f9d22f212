//! «Активность»: the list, the ticks, the records that Opora makes by itself, and the letters.

mod automatic;
mod kit;
mod list;
mod mailed;
mod random;
mod ticks;
