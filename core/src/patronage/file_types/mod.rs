//! «Типы сообщений (файлов)» (PT-233…PT-241).

use crate::{
    Work,
    foundation::{errors::Failure, ids::FileTypeId, page::Choice},
};

/// File types to choose from, by name.
pub async fn choices(work: &mut Work) -> Result<Vec<Choice<FileTypeId>>, Failure> {
    todo!("{}", work.now)
}

/// Adds a type; equal names are refused (PT-241).
pub async fn create(work: &mut Work, name: &str) -> Result<FileTypeId, Failure> {
    todo!("{} {name}", work.now)
}
