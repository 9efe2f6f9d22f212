//! «Файлы пользователя»: what citizens send, announced first, fetched later by the fetcher, then viewed and classified by the
//! curator.

mod arrival;
pub mod name;
mod store;

pub use arrival::Arrivals;
pub use store::{FileRow, State};

use crate::{
    Signal, Work, audit,
    foundation::{
        config::BotMode,
        errors::{Failure, Say},
        ids::{FileId, FileTypeId, PersonId},
        page::{Cursor, Page},
    },
    messaging::{message::IncomingFile, messenger::Messenger},
    patronage::citizens,
    people::access::Action,
};

/// Which files of a citizen are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TypeFilter {
    /// All.
    #[default]
    All,
    /// «Без типа».
    Untyped,
    /// Those of one type.
    Of(FileTypeId),
}

/// What became of an announced file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Announced {
    /// It will be fetched.
    Receiving(FileId),
    /// It is too large; nothing was kept (PT-125).
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
}

/// A file that can be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFile {
    /// Which.
    pub id: FileId,
    /// Whose.
    pub person: PersonId,
    /// Original name.
    pub name: String,
    /// As announced and checked against the allowed ones; never trusted further than [`StoredFile::may_be_shown`].
    pub media_type: String,
    /// Bytes.
    pub size: u64,
    /// Where the store keeps it.
    pub storage_key: String,
}

impl StoredFile {
    /// Whether a browser may show it: pictures, PDF and plain text; everything else only downloads (PT-095).
    pub fn may_be_shown(&self) -> bool {
        may_be_shown(&self.media_type)
    }
}

/// A file the curator attaches himself, already in the store (PT-D18).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Original name.
    pub name: String,
    /// Media type as the browser told it.
    pub media_type: Option<String>,
    /// Bytes.
    pub size: u64,
    /// Where the store keeps it.
    pub storage_key: String,
    /// Its hash.
    pub sha256: [u8; 32],
}

/// Notes a file a citizen sent; the fetcher does the rest (PT-123, PT-125).
pub async fn announce(
    work: &mut Work,
    person: PersonId,
    messenger: Messenger,
    chat: &str,
    file: &IncomingFile,
) -> Result<Announced, Failure> {
    let sight = work.must(Action::SendFiles)?;
    let citizen = citizens::in_sight(work, sight, person).await?;
    let limit = work.app.config.file_limit();
    if file.size.is_some_and(|size| size > limit) {
        return Ok(Announced::TooLarge { limit });
    }
    let id = FileId::draw(work.now, &*work.app.chance);
    let media_type = name::media_type(file.media_type.as_deref(), file.name.as_deref());
    let name = match &file.name {
        Some(name) => name::cleaned(name),
        None => name::made_up(&media_type, work.now.with_timezone(&citizen.tz).naive_local()),
    };
    store::insert_announced(&mut work.tx, id, person, messenger, chat, file, &name, &media_type, work.now).await?;
    work.signal(Signal::Files);
    Ok(Announced::Receiving(id))
}

/// The citizen's files, newest first (PT-094). Refused and failed ones are not listed.
pub async fn list(
    work: &mut Work,
    person: PersonId,
    filter: TypeFilter,
    at: Option<Cursor>,
) -> Result<Page<FileRow>, Failure> {
    let sight = work.must(Action::HandleFiles)?;
    citizens::in_sight(work, sight, person).await?;
    Ok(store::list(&mut work.tx, person, filter, at).await?)
}

/// A stored file, to be viewed or downloaded (PT-095, PT-096).
pub async fn open(work: &mut Work, id: FileId) -> Result<StoredFile, Failure> {
    let sight = work.must(Action::HandleFiles)?;
    let file = store::find_stored(&mut work.tx, id).await?.ok_or(Failure::NotFound)?;
    citizens::in_sight(work, sight, file.person).await?;
    Ok(file)
}

/// Gives a file its type, or none (PT-097).
pub async fn classify(work: &mut Work, id: FileId, file_type: Option<FileTypeId>) -> Result<PersonId, Failure> {
    let file = open(work, id).await?;
    if let Some(file_type) = file_type
        && !store::type_exists(&mut work.tx, file_type).await?
    {
        return Err(Failure::invalid("type", Say::key("files-type-gone")));
    }
    store::set_type(&mut work.tx, id, file_type).await?;
    let changes = serde_json::json!({ "type": file_type });
    audit::note(work, audit::Entry { action: "file.classify", subject: "file", subject_id: Some(id.0), changes })
        .await?;
    Ok(file.person)
}

/// «Добавить файл»: attaches a file to the card; only while no bot brings them (PT-D18).
pub async fn attach(work: &mut Work, person: PersonId, file: &Attachment) -> Result<FileId, Failure> {
    let sight = work.must(Action::HandleFiles)?;
    citizens::in_sight(work, sight, person).await?;
    if work.app.config.bot_mode == BotMode::On {
        return Err(Failure::refused("files-attach-only-without-bot"));
    }
    let limit = work.app.config.file_limit();
    if file.size > limit {
        return Err(Failure::invalid("file", too_large(limit)));
    }
    let id = FileId::draw(work.now, &*work.app.chance);
    store::insert_attached(&mut work.tx, id, person, file, work.now).await?;
    let changes = serde_json::json!({ "name": name::cleaned(&file.name), "size": file.size });
    audit::note(work, audit::Entry { action: "file.attach", subject: "file", subject_id: Some(id.0), changes }).await?;
    Ok(id)
}

/// «Файл слишком большой. Максимальный размер — … МБ» (PT-125).
pub fn too_large(limit: u64) -> Say {
    Say::key("files-too-large").number("megabytes", limit / (1024 * 1024))
}

/// Whether a browser may show this kind of file (PT-095).
pub fn may_be_shown(media_type: &str) -> bool {
    matches!(media_type, "image/jpeg" | "image/png" | "image/gif" | "image/webp" | "application/pdf" | "text/plain")
}
