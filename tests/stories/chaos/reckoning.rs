//! What became of every reminder and of every press.

use std::{
    collections::{HashMap, HashSet},
    fmt,
};

use opora_core::foundation::{clock::Timestamp, db::Db, ids::OccurrenceId};
use opora_testkit::FakeTelegram;

use super::{
    blows::Seen,
    database::count,
    record::{Arrivals, Reminder, arrivals, reminder_of, reminders},
};

/// The messenger's record held against the database.
#[derive(Debug, Default)]
pub struct Reckoning {
    reminders: usize,
    arrived: usize,
    lost: Vec<OccurrenceId>,
    /// Did not arrive after two unknown outcomes, and the curator is told so.
    given_up: usize,
    marked: usize,
    twice: usize,
    twice_unmarked: Vec<OccurrenceId>,
    more_than_twice: usize,
    out_of_order: Vec<i64>,
    pressed: usize,
    presses_lost: Vec<OccurrenceId>,
    recorded: usize,
    set_aside: i64,
}

impl Reckoning {
    pub async fn of(db: &Db, telegram: &FakeTelegram) -> Self {
        let reminders = reminders(db).await;
        let arrived = arrivals(telegram);
        let mut reckoning = Self { reminders: reminders.len(), ..Self::default() };
        for reminder in &reminders {
            let texts = arrived.by_reminder.get(&reminder.id).map_or(&[][..], Vec::as_slice);
            reckoning.look_at(reminder, texts);
        }
        reckoning.look_at_the_order(&arrived, &reminders);
        reckoning.look_at_presses(telegram, &reminders);
        reckoning.set_aside = count(db, "inbox WHERE last_error IS NOT NULL").await;
        reckoning
    }

    fn look_at(&mut self, reminder: &Reminder, texts: &[String]) {
        self.marked += usize::from(reminder.is_repeat);
        match texts {
            [] if reminder.state == "undelivered" => self.given_up += 1,
            [] => self.lost.push(reminder.id),
            [_] => self.arrived += 1,
            [first, second, more @ ..] => {
                self.arrived += 1;
                self.twice += 1;
                self.more_than_twice += usize::from(!more.is_empty());
                let is_marked = second.starts_with("Повтор:") && !first.starts_with("Повтор:") && reminder.is_repeat;
                if !is_marked {
                    self.twice_unmarked.push(reminder.id);
                }
            }
        }
        assert!(["delivered", "failed", "expired"].contains(&reminder.message_state.as_str()), "{reminder:?}");
    }

    fn look_at_the_order(&mut self, arrived: &Arrivals, reminders: &[Reminder]) {
        let due: HashMap<OccurrenceId, Timestamp> = reminders.iter().map(|it| (it.id, it.due_at)).collect();
        for (chat, order) in &arrived.by_chat {
            if !order.iter().map(|id| due[id]).is_sorted() {
                self.out_of_order.push(*chat);
            }
        }
    }

    fn look_at_presses(&mut self, telegram: &FakeTelegram, reminders: &[Reminder]) {
        let done: HashSet<OccurrenceId> = reminders.iter().filter(|it| it.state == "done").map(|it| it.id).collect();
        let pressed: HashSet<OccurrenceId> = telegram.pressed().iter().filter_map(|data| reminder_of(data)).collect();
        self.pressed = pressed.len();
        self.presses_lost = pressed.difference(&done).copied().collect();
        self.recorded = done.len();
    }

    /// What the project promises.
    pub fn check(&self, seen: &Seen, telegram: &FakeTelegram) {
        assert_eq!(self.lost, [], "lost");
        assert_eq!(self.twice_unmarked, [], "twice without saying so");
        assert_eq!(self.more_than_twice, 0);
        assert!(self.out_of_order.is_empty(), "out of order: {:?}", self.out_of_order);
        assert_eq!(self.presses_lost, [], "pressed and not recorded");
        assert_eq!(self.recorded, self.pressed, "recorded and not pressed");
        assert_eq!(self.set_aside, 0, "updates were set aside, though nothing was wrong with them");
        let in_doubt = seen.in_doubt() + telegram.doubts();
        assert!(self.marked <= in_doubt, "{} marked, {in_doubt} in doubt", self.marked);
        assert!(self.twice + self.given_up <= self.marked, "whatever is unknown is marked");
    }
}

impl fmt::Display for Reckoning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { reminders, arrived, given_up, marked, twice, more_than_twice, pressed, recorded, .. } = self;
        let (lost, unmarked) = (self.lost.len(), self.twice_unmarked.len());
        writeln!(
            f,
            "  reminders {reminders}, arrived {arrived}, lost {lost}, given up after two unknown outcomes {given_up}"
        )?;
        writeln!(
            f,
            "  marked as repetitions {marked}, arrived twice {twice}, unmarked {unmarked}, more than twice {more_than_twice}"
        )?;
        writeln!(
            f,
            "  chats out of order {}, presses {pressed}, recorded {recorded}, lost {}, set aside {}",
            self.out_of_order.len(),
            self.presses_lost.len(),
            self.set_aside
        )
    }
}
