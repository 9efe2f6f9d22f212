//! Reading the meetings of a day.

use chrono::{NaiveTime, TimeDelta};
use chrono_tz::Tz;

use super::Meeting;
use crate::{
    foundation::{
        clock::Timestamp,
        db::Tx,
        errors::StorageError,
        ids::{PersonId, SeriesId},
    },
    on_backend,
    patronage::{
        reminders::OccurrenceState,
        today::{
            Frame,
            store::{WhoRow, who, who_from},
        },
    },
};

/// Meetings read of each of both kinds: nobody has more in a day, and an administrator's page shows fewer.
const ROWS: i64 = 50;

#[derive(sqlx::FromRow)]
pub(super) struct MeetingRow {
    #[sqlx(flatten)]
    who: WhoRow,
    pub(super) curator_id: Option<PersonId>,
    pub(super) series_id: SeriesId,
    ordinal: i64,
    local_time: NaiveTime,
    due_at: Timestamp,
    /// Minutes between message and meeting.
    advance: i64,
    text: String,
    pub(super) state: OccurrenceState,
}

impl MeetingRow {
    /// When the meeting is.
    pub(super) fn at(&self) -> Timestamp {
        self.due_at + TimeDelta::minutes(self.advance)
    }

    pub(super) fn into_meeting(self, house: Tz, clashes: bool) -> Result<Meeting, StorageError> {
        let at = self.at();
        let ordinal = u32::try_from(self.ordinal).map_err(|_| StorageError::Inconsistent {
            table: "series",
            column: "next_ordinal",
            id: self.series_id.to_string(),
        })?;
        Ok(Meeting {
            who: self.who.into_who(house),
            series: self.series_id,
            ordinal,
            time: self.local_time,
            at,
            text: self.text,
            state: self.state,
            clashes,
        })
    }
}

/// Meetings of the day whose message was sent, or of which something was said.
pub(super) async fn sent(tx: &mut Tx, frame: &Frame) -> Result<Vec<MeetingRow>, StorageError> {
    macro_rules! sql {
        ($mine:literal) => {
            concat!(
                "SELECT o.series_id, o.ordinal, o.local_time, o.due_at, CAST(0 AS BIGINT) AS advance, o.text, o.state, c.curator_id, ",
                who!(),
                " FROM occurrences o JOIN citizens c ON c.person_id = o.person_id ",
                who_from!(),
                " WHERE o.kind = 'meeting' AND o.local_date = $1 AND o.state <> 'cancelled' AND c.deleted_at IS NULL ",
                $mine,
                " ORDER BY o.due_at LIMIT $2"
            )
        };
    }
    const ALL: &str = sql!("");
    const OWN: &str = sql!("AND c.curator_id = $3");
    read(tx, frame, (ALL, OWN)).await
}

/// Meetings of the day whose message is still to go.
pub(super) async fn ahead(tx: &mut Tx, frame: &Frame) -> Result<Vec<MeetingRow>, StorageError> {
    macro_rules! sql {
        ($mine:literal) => {
            concat!(
                "SELECT s.id AS series_id, s.next_ordinal AS ordinal, s.local_time, s.next_due_at AS due_at,
                    s.advance_minutes AS advance, s.text, 'planned' AS state, c.curator_id, ",
                who!(),
                " FROM series s JOIN citizens c ON c.person_id = s.person_id ",
                who_from!(),
                " WHERE s.kind = 'meeting' AND s.next_date = $1 AND c.deleted_at IS NULL ",
                $mine,
                " ORDER BY s.next_due_at LIMIT $2"
            )
        };
    }
    const ALL: &str = sql!("");
    const OWN: &str = sql!("AND c.curator_id = $3");
    read(tx, frame, (ALL, OWN)).await
}

async fn read(
    tx: &mut Tx,
    frame: &Frame,
    (all, own): (&'static str, &'static str),
) -> Result<Vec<MeetingRow>, StorageError> {
    Ok(match frame.sight.curator() {
        None => on_backend!(tx, |c| sqlx::query_as(all).bind(frame.today).bind(ROWS).fetch_all(c).await?),
        Some(me) => on_backend!(tx, |c| sqlx::query_as(own).bind(frame.today).bind(ROWS).bind(me).fetch_all(c).await?),
    })
}
