//! «Типы сообщений (файлов)» (PT-233…PT-241).

use crate::{
    Work,
    foundation::{
        errors::Failure,
        ids::{FileTypeId, SubmissionId},
        page::Choice,
    },
    patronage::named::{self, FILE_TYPES},
    people::access::Action,
};

/// Types to choose from, in alphabetical order (PT-D07); deleted ones are left out (PT-239).
pub async fn choices(work: &mut Work) -> Result<Vec<Choice<FileTypeId>>, Failure> {
    work.must(Action::HandleFiles)?;
    Ok(named::choices(work, &FILE_TYPES).await?)
}

/// The list, narrowed to names that hold `part` (PT-233, PT-234).
pub async fn list(work: &mut Work, part: &str) -> Result<Vec<Choice<FileTypeId>>, Failure> {
    work.must(Action::ManageLists)?;
    let mut types = named::choices(work, &FILE_TYPES).await?;
    types.retain(|it| named::holds(&it.label, part));
    Ok(types)
}

/// The name of a type (PT-236).
pub async fn name_of(work: &mut Work, id: FileTypeId) -> Result<String, Failure> {
    work.must(Action::ManageLists)?;
    named::name_of(work, &FILE_TYPES, id.0).await
}

/// Adds a type; an equal name is refused (PT-241).
pub async fn create(work: &mut Work, name: &str) -> Result<FileTypeId, Failure> {
    let submission = SubmissionId::draw(work.now, &*work.app.chance);
    add(work, name, submission).await
}

/// Adds the type of a form (PT-235); the same submission twice adds one.
pub async fn add(work: &mut Work, name: &str, submission: SubmissionId) -> Result<FileTypeId, Failure> {
    work.must(Action::ManageLists)?;
    // The type takes the form's number for an id: so the same form cannot make a second one.
    named::add(work, &FILE_TYPES, submission.0, name).await
}

/// Gives a type another name, also where files have it (PT-237).
pub async fn rename(work: &mut Work, id: FileTypeId, name: &str) -> Result<(), Failure> {
    work.must(Action::ManageLists)?;
    named::rename(work, &FILE_TYPES, id.0, name).await
}

/// «Корзина» (PT-238): the type leaves the choices, files keep its name (PT-239).
pub async fn delete(work: &mut Work, id: FileTypeId) -> Result<(), Failure> {
    work.must(Action::ManageLists)?;
    named::retire(work, &FILE_TYPES, id.0).await
}
