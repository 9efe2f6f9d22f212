//! Where letters to curators go, for [`letters`](crate::messaging::letters).

use async_trait::async_trait;

use super::store;
use crate::{
    foundation::{db::Tx, errors::StorageError, ids::PersonId},
    messaging::letters::{Addressee, Directory},
};

/// The curators' mail addresses. Deleted curators get no letters (PT-D10).
#[derive(Debug, Clone, Copy, Default)]
pub struct Curators;

#[async_trait]
impl Directory for Curators {
    async fn curator_of(&self, tx: &mut Tx, citizen: PersonId) -> Result<Option<Addressee>, StorageError> {
        store::addressee_of_citizen(tx, citizen).await
    }

    async fn curator(&self, tx: &mut Tx, curator: PersonId) -> Result<Option<Addressee>, StorageError> {
        store::addressee(tx, curator).await
    }
}
