//! Everything about one person as an archive that is readable without us: `index.html`, `data.json` and the files.

mod archive;
mod everything;
mod page;
mod store;

pub use archive::Archive;
use serde_json::json;

use crate::{
    App,
    audit::{self, Entry},
    foundation::{errors::Failure, ids::PersonId},
    people::access::{Action, Actor},
    words::{LOCALES, format},
};
use everything::Everything;

/// Packs everything about the person, in the words of `locale`. The archive lies on the disk without a name: it goes away when it
/// is closed. That it was made is noted before it is handed out (PT-D56).
pub async fn export(app: &App, actor: Actor, person: PersonId, locale: &str) -> Result<Archive, Failure> {
    let mut work = app.look(actor.clone()).await?;
    work.must(Action::HandlePersonalData)?;
    let everything = Everything::of(&mut work, person).await?;
    drop(work);
    let words = app.words.in_locale(LOCALES.into_iter().find(|known| *known == locale).unwrap_or(&app.config.locale));
    let zone = app.config.time_zone;
    let name = words
        .t("privacy-archive-name")
        .s("name", everything.card.full_name())
        .s("date", format::date(everything.made_at.with_timezone(&zone).date_naive()))
        .to_string();
    let page = page::write(&everything, words, zone);
    let archive = archive::pack(app, name, page, everything).await?;
    let mut work = app.begin(actor).await?;
    let changes = json!({ "bytes": archive.size });
    let entry = Entry { action: "citizen.exported", subject: "citizen", subject_id: Some(person.0), changes };
    audit::note(&mut work, entry).await?;
    work.commit().await?;
    Ok(archive)
}
