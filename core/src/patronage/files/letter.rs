//! The letter about files (PT-032): it names them and never carries them. An album gives one letter (PT-127).

use super::store::{self, Arrived};
use crate::{
    Work,
    foundation::{
        errors::{Failure, Say},
        ids::FileId,
    },
    messaging::letters,
    patronage::citizens,
    words::format,
};

/// Tells the curator, and the administrator in copy.
pub(super) async fn of_file(work: &mut Work, id: FileId, file: &Arrived) -> Result<(), Failure> {
    let Some(citizen) = citizens::of_person(&mut work.tx, file.person).await? else { return Ok(()) };
    let names = match &file.album {
        Some(album) => store::album_names(&mut work.tx, file.person, album).await?,
        None => vec![file.name.clone()],
    };
    let name = citizen.name.full();
    let when = format::moment(file.received_at, citizen.tz);
    let mut lines = vec![
        Say::key("files-letter-sent").text("name", &name).text("when", when).number("count", names.len()),
    ];
    lines.extend(names.into_iter().map(|name| Say::key("files-letter-name").text("name", name)));
    let subject = Say::key("files-letter-subject").text("name", name);
    let cause = match &file.album {
        Some(album) => format!("album:{}:{album}", file.person),
        None => format!("file:{id}"),
    };
    letters::to_curator_and_administrator(work, file.person, subject, lines, &cause).await
}
