//! Short words for the stories of this room.

use chrono::{Days, NaiveDate, NaiveTime};
use opora_core::{
    foundation::{
        clock::Timestamp,
        ids::{ActivityId, OccurrenceId, PersonId, SeriesId},
    },
    messaging::press::Reaction,
    on_backend,
    patronage::{
        activity::{self, ActivityFilter, Kind, Listed, Record, Written},
        contacts,
        reminders::{self, OccurrenceState, Reason},
    },
    people::access::Actor,
};
use opora_testkit::{Citizen, World};

/// Midnight of the installation, Moscow, on this date.
pub fn midnight(date: &str) -> Timestamp {
    let date: NaiveDate = date.parse().unwrap();
    (date.and_time(NaiveTime::MIN) - chrono::TimeDelta::hours(3)).and_utc()
}

/// So many days after 10.03.2026.
pub fn day(number: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 10).unwrap().checked_add_days(Days::new(number)).unwrap()
}

/// What one does in these stories.
pub trait Worklist {
    /// A request for contact.
    async fn asks(&self, citizen: &Citizen);
    async fn listed(&self, reader: &Actor, filter: &ActivityFilter) -> Listed;
    async fn records(&self, reader: &Actor) -> Vec<Record>;
    async fn tick(&self, actor: &Actor, id: ActivityId);
    async fn untick(&self, actor: &Actor, id: ActivityId);
    /// A reminder of that day at nine, of which this became.
    async fn happened(
        &self,
        person: PersonId,
        day: u64,
        state: OccurrenceState,
        reason: Option<Reason>,
    ) -> OccurrenceId;
    /// The same for several days.
    async fn all_happened(&self, person: PersonId, days: impl IntoIterator<Item = u64>, state: OccurrenceState);
    async fn mark(&self, actor: &Actor, occurrence: OccurrenceId, reaction: Reaction);
    /// The daily run at 00:11 of that day in Moscow.
    async fn run_on(&self, day: u64) -> Written;
    /// How many records of this kind there are.
    async fn made(&self, kind: Kind) -> i64;
}

impl Worklist for World {
    async fn asks(&self, citizen: &Citizen) {
        let mut work = self.begin(citizen.actor()).await;
        contacts::request(&mut work, citizen.person, Some("Позвоните")).await.unwrap();
        work.commit().await.unwrap();
        self.clock.advance_seconds(700);
    }

    async fn listed(&self, reader: &Actor, filter: &ActivityFilter) -> Listed {
        let mut work = self.look(reader.clone()).await;
        activity::list(&mut work, filter, None).await.unwrap()
    }

    async fn records(&self, reader: &Actor) -> Vec<Record> {
        self.listed(reader, &ActivityFilter::default()).await.page.items
    }

    async fn tick(&self, actor: &Actor, id: ActivityId) {
        let mut work = self.begin(actor.clone()).await;
        activity::tick(&mut work, id).await.unwrap();
        work.commit().await.unwrap();
    }

    async fn untick(&self, actor: &Actor, id: ActivityId) {
        let mut work = self.begin(actor.clone()).await;
        activity::untick(&mut work, id).await.unwrap();
        work.commit().await.unwrap();
    }

    async fn happened(
        &self,
        person: PersonId,
        number: u64,
        state: OccurrenceState,
        reason: Option<Reason>,
    ) -> OccurrenceId {
        const SERIES: &str = "INSERT INTO series (id, person_id, kind, text, repetition, every, weekdays, start_date,
            local_time, advance_minutes, author, created_at)
            VALUES ($1, $2, 'information', 'x', 'none', 1, 0, $3, $4, 0, 'administrator', $5)";
        const SQL: &str =
            "INSERT INTO occurrences (id, series_id, ordinal, person_id, kind, local_date, local_time, due_at,
            text, state, reason, delivered_at, reacted_at, reacted_by, summary_pending)
            VALUES ($1, $2, 1, $3, 'information', $4, $5, $6, 'x', $7, $8, $6, $9, $10, $11)";
        let (now, chance) = (self.app.clock.now(), &*self.app.chance);
        let (series, id) = (SeriesId::draw(now, chance), OccurrenceId::draw(now, chance));
        let (date, nine) = (day(number), NaiveTime::from_hms_opt(9, 0, 0).unwrap());
        let due_at = (date.and_time(nine) - chrono::TimeDelta::hours(3)).and_utc();
        let reacted_at = state.reaction().map(|_| due_at + chrono::TimeDelta::hours(1));
        let reacted_by = reacted_at.map(|_| "administrator");
        let mut tx = self.tx().await;
        on_backend!(&mut tx, |c| {
            let query = sqlx::query(SERIES).bind(series).bind(person).bind(date).bind(nine).bind(now);
            query.execute(&mut *c).await.unwrap();
            let query = sqlx::query(SQL).bind(id).bind(series).bind(person).bind(date).bind(nine).bind(due_at);
            let query = query.bind(state).bind(reason).bind(reacted_at).bind(reacted_by).bind(false);
            query.execute(c).await.unwrap();
        });
        tx.commit().await.unwrap();
        id
    }

    async fn all_happened(&self, person: PersonId, days: impl IntoIterator<Item = u64>, state: OccurrenceState) {
        for day in days {
            self.happened(person, day, state, None).await;
        }
    }

    async fn mark(&self, actor: &Actor, occurrence: OccurrenceId, reaction: Reaction) {
        const SQL: &str = "SELECT series_id, ordinal FROM occurrences WHERE id = $1";
        let mut work = self.begin(actor.clone()).await;
        let (series, ordinal): (SeriesId, i64) =
            on_backend!(&mut work.tx, |c| sqlx::query_as(SQL).bind(occurrence).fetch_one(c).await).unwrap();
        reminders::mark(&mut work, series, ordinal.try_into().unwrap(), reaction).await.unwrap();
        work.commit().await.unwrap();
    }

    async fn run_on(&self, number: u64) -> Written {
        self.clock.set(midnight(&day(number).to_string()) + chrono::TimeDelta::minutes(11));
        activity::run_automatic(&self.app).await.unwrap()
    }

    async fn made(&self, kind: Kind) -> i64 {
        self.count(&format!("activity WHERE kind = '{}'", kind.name())).await
    }
}
