//! The letter about a request for contact (PT-031).

use crate::{
    Work,
    foundation::{errors::StorageError, ids::ContactId},
    messaging::{letters, outbox::Letter},
    patronage::citizens::CitizenBrief,
    people::contact,
    words::format,
};

/// Tells the curator, and the administrator in copy: who, by which phone, when, and what the citizen wrote.
pub(super) async fn of_request(
    work: &mut Work,
    citizen: &CitizenBrief,
    request: ContactId,
    comment: Option<&str>,
) -> Result<(), StorageError> {
    let name = citizen.name.full();
    let words = work.app.house_words();
    let mut lines = vec![
        words.t("contacts-letter-request").s("name", &name).to_string(),
        words.t("contacts-letter-when").s("when", format::moment(work.now, citizen.tz)).to_string(),
        words.t("contacts-letter-phone").s("phone", contact::shown(&citizen.phone)).to_string(),
    ];
    if let Some(comment) = comment {
        lines.push(words.t("contacts-letter-comment").s("comment", comment).to_string());
    }
    let subject = words.t("contacts-letter-subject").s("name", &name).to_string();
    let letter = Letter { subject, text: lines.join("\n") };
    letters::to_curator_and_administrator(work, citizen.person, letter, &format!("contact_request:{request}")).await
}
