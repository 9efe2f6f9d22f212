//! «Пользователи»: the list and what the administrator does with its rows, the card's tab «Данные пользователя» and the
//! activation of the bot (PT-063…PT-091, PT-256…PT-270).

mod activation;
mod card;
mod deletion;
mod fields;
mod list;
mod new;
mod selection;
mod transfer;

pub(in crate::patronage) use activation::messenger_key;

use crate::{paths, routes::Routes};

/// Routes of the room.
pub fn routes() -> Routes {
    Routes::for_staff()
        .get(paths::CITIZENS, list::list)
        .post(paths::CITIZENS, new::create)
        .get(paths::NEW_CITIZEN, new::form)
        .get("/citizens/{id}", card::show)
        .post("/citizens/{id}", card::change)
        .get("/citizens/{id}/edit", card::edit)
        .get("/citizens/{id}/in-list", list::place)
        .post("/citizens/{id}/code/extension", activation::extend)
        .get("/citizens/{id}/code/renewal", activation::question)
        .post("/citizens/{id}/code/renewal", activation::renew)
        .and(
            Routes::for_administrator()
                .post(paths::SELECTION, selection::act)
                .get(paths::TRANSFER, transfer::form)
                .post(paths::TRANSFER, transfer::transfer)
                .get(paths::DELETED_CITIZENS, deletion::list)
                .get("/citizens/{id}/deletion", deletion::question)
                .post("/citizens/{id}/deletion", deletion::delete)
                .post("/citizens/{id}/restoration", deletion::restore),
        )
}
