//! Short words for the stories of this room.

use chrono::NaiveDate;
use opora_core::{
    foundation::{
        clock::Timestamp,
        errors::Failure,
        ids::{OccurrenceId, PersonId, SeriesId, SubmissionId},
    },
    messaging::{messenger::Messenger, press::Reaction},
    on_backend,
    patronage::reminders::{
        self, Changed, Editing, Entry, OccurrenceState, Reach, Reacted, ReminderForm, due, outcome,
    },
    people::access::Actor,
};
use opora_testkit::World;
use serde_json::Value;
use sqlx::types::Json;

/// A single reminder today, for everybody in Moscow.
pub fn once(text: &str, date: &str, time: &str) -> ReminderForm {
    ReminderForm {
        kind: "information".to_owned(),
        text: text.to_owned(),
        repetition: "none".to_owned(),
        start_date: date.to_owned(),
        time: time.to_owned(),
        ..ReminderForm::default()
    }
}

/// A daily reminder, so many times.
pub fn daily(text: &str, start: &str, time: &str, times: u16) -> ReminderForm {
    ReminderForm {
        repetition: "daily".to_owned(),
        every: "1".to_owned(),
        end_by: "times".to_owned(),
        times: times.to_string(),
        ..once(text, start, time)
    }
}

/// The form with another kind.
pub fn of_kind(kind: &str, form: ReminderForm) -> ReminderForm {
    ReminderForm { kind: kind.to_owned(), ..form }
}

/// The form with one exclusion.
pub fn excluding(first: &str, last: &str, form: ReminderForm) -> ReminderForm {
    ReminderForm { exclusions: vec![(first.to_owned(), last.to_owned())], ..form }
}

pub fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A message as the outbox holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    pub channel: String,
    pub recipient: String,
    pub kind: String,
    pub text: String,
    pub occurrence: Option<OccurrenceId>,
    pub payload: Value,
}

/// What one does in these stories.
pub trait Programme {
    async fn plan(&self, actor: &Actor, person: PersonId, form: &ReminderForm) -> SeriesId;
    async fn try_plan(&self, actor: &Actor, person: PersonId, form: &ReminderForm) -> Result<SeriesId, Failure>;
    async fn open(&self, actor: &Actor, series: SeriesId, ordinal: u32) -> Editing;
    async fn change(
        &self,
        actor: &Actor,
        opened: (SeriesId, u32, i64),
        reach: Reach,
        form: &ReminderForm,
    ) -> Result<Changed, Failure>;
    async fn delete(&self, actor: &Actor, opened: (SeriesId, u32, i64), reach: Reach) -> Result<(), Failure>;
    async fn claim_all(&self) -> due::Claimed;
    async fn to_the_end(&self);
    async fn sent(&self) -> Vec<Sent>;
    async fn deliver_all(&self);
    async fn entries(&self, actor: &Actor, person: PersonId, first: &str, last: &str) -> Vec<Entry>;
    async fn press(&self, account: &str, occurrence: OccurrenceId, reaction: Reaction) -> Reacted;
}

impl Programme for World {
    async fn plan(&self, actor: &Actor, person: PersonId, form: &ReminderForm) -> SeriesId {
        self.try_plan(actor, person, form).await.unwrap_or_else(|failure| panic!("{failure} for {form:?}"))
    }

    async fn try_plan(&self, actor: &Actor, person: PersonId, form: &ReminderForm) -> Result<SeriesId, Failure> {
        let mut work = self.begin(actor.clone()).await;
        let submission = SubmissionId::draw(work.now, &*self.app.chance);
        let series = reminders::plan(&mut work, person, form, submission).await?;
        work.commit().await?;
        Ok(series)
    }

    async fn open(&self, actor: &Actor, series: SeriesId, ordinal: u32) -> Editing {
        let mut work = self.look(actor.clone()).await;
        reminders::load_form(&mut work, series, ordinal).await.unwrap()
    }

    async fn change(
        &self,
        actor: &Actor,
        (series, ordinal, version): (SeriesId, u32, i64),
        reach: Reach,
        form: &ReminderForm,
    ) -> Result<Changed, Failure> {
        let mut work = self.begin(actor.clone()).await;
        let changed = reminders::change(&mut work, series, ordinal, version, reach, form).await?;
        work.commit().await?;
        Ok(changed)
    }

    async fn delete(
        &self,
        actor: &Actor,
        (series, ordinal, version): (SeriesId, u32, i64),
        reach: Reach,
    ) -> Result<(), Failure> {
        let mut work = self.begin(actor.clone()).await;
        reminders::delete(&mut work, series, ordinal, version, reach).await?;
        work.commit().await?;
        Ok(())
    }

    async fn claim_all(&self) -> due::Claimed {
        let mut all = due::Claimed::default();
        loop {
            let some = due::claim(&self.app, 100).await.unwrap();
            all.sent += some.sent;
            all.fired += some.fired;
            all.too_late += some.too_late;
            all.undelivered += some.undelivered;
            if !some.more {
                return all;
            }
        }
    }

    /// Turns the clock from due moment to due moment until nothing is planned any more.
    async fn to_the_end(&self) {
        while let Some(next) = due::next_moment(&self.app).await.unwrap() {
            self.clock.set(next.max(self.app.clock.now()));
            self.claim_all().await;
        }
    }

    async fn sent(&self) -> Vec<Sent> {
        const SQL: &str = "SELECT channel, recipient, payload, occurrence_id FROM outbox ORDER BY due_at, id";
        let mut tx = self.tx().await;
        let rows: Vec<(String, String, Json<Value>, Option<OccurrenceId>)> =
            on_backend!(&mut tx, |c| sqlx::query_as(SQL).fetch_all(c).await).unwrap();
        rows.into_iter()
            .map(|(channel, recipient, Json(payload), occurrence)| {
                let inner = payload.get("message").or(payload.get("letter")).cloned().unwrap_or_default();
                let field = |name: &str| inner.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
                Sent { channel, recipient, kind: field("kind"), text: field("text"), occurrence, payload: inner }
            })
            .collect()
    }

    /// Everything that waits is confirmed by its messenger.
    async fn deliver_all(&self) {
        const QUEUED: &str = "SELECT occurrence_id FROM outbox WHERE state = 'queued' AND occurrence_id IS NOT NULL";
        const SETTLE: &str = "UPDATE outbox SET state = 'delivered', external_id = 'm-' || recipient, finished_at = $1
            WHERE state = 'queued'";
        let mut work = self.begin(Actor::System).await;
        let ids: Vec<OccurrenceId> =
            on_backend!(&mut work.tx, |c| sqlx::query_scalar(QUEUED).fetch_all(c).await).unwrap();
        on_backend!(&mut work.tx, |c| sqlx::query(SETTLE).bind(work.now).execute(c).await.map(drop)).unwrap();
        let confirmed: Vec<(OccurrenceId, Timestamp)> = ids.into_iter().map(|id| (id, work.now)).collect();
        outcome::delivered(&mut work, &confirmed).await.unwrap();
        work.commit().await.unwrap();
    }

    async fn entries(&self, actor: &Actor, person: PersonId, first: &str, last: &str) -> Vec<Entry> {
        let mut work = self.look(actor.clone()).await;
        reminders::calendar(&mut work, person, date(first), date(last), None).await.unwrap()
    }

    async fn press(&self, account: &str, occurrence: OccurrenceId, reaction: Reaction) -> Reacted {
        let mut tx = self.tx().await;
        let link = opora_core::patronage::activation::link_of(&mut tx, Messenger::Telegram, account).await.unwrap();
        drop(tx);
        let actor = match link {
            Some(link) => Actor::Citizen { person: link.person },
            None => Actor::Stranger { address: account.to_owned() },
        };
        let mut work = self.begin(actor).await;
        let message = format!("m-{account}");
        let reacted = reminders::react(&mut work, Messenger::Telegram, account, Some(&message), occurrence, reaction)
            .await
            .unwrap();
        work.commit().await.unwrap();
        reacted
    }
}

/// Date and state of each entry: `03-10 planned`.
pub fn shown(entries: &[Entry]) -> Vec<String> {
    entries.iter().map(|it| format!("{} {}", it.date.format("%m-%d"), word(it.state))).collect()
}

fn word(state: OccurrenceState) -> &'static str {
    state.label_key().trim_start_matches("reminders-state-")
}

/// The key of a refusal, or of the first complaint.
pub fn refusal<T>(outcome: Result<T, Failure>) -> String {
    match outcome {
        Ok(_) => "accepted".to_owned(),
        Err(Failure::Refused(say)) => say.key.to_string(),
        Err(Failure::Invalid(complaints)) => {
            complaints.iter().next().map(|(_, say)| say.key.to_string()).unwrap_or_default()
        }
        Err(other) => other.to_string(),
    }
}
