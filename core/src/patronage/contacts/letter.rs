//! The letter about a request for contact (PT-031).

use crate::{
    Work,
    foundation::{
        errors::{Failure, Say},
        ids::{ContactId, PersonId},
    },
    messaging::letters,
    patronage::citizens,
    words::format,
};

/// Tells the curator, and the administrator in copy: who, by which phone, when, and what the citizen wrote.
pub(super) async fn of_request(
    work: &mut Work,
    person: PersonId,
    contact: ContactId,
    comment: Option<&str>,
) -> Result<(), Failure> {
    let citizen = citizens::of_person(&mut work.tx, person).await?.ok_or(Failure::NotFound)?;
    let name = citizen.name.full();
    let when = format::moment(work.now, citizen.tz);
    let mut lines = vec![
        Say::key("contacts-letter-request").text("name", &name).text("when", when),
        Say::key("contacts-letter-phone").text("phone", citizen.phone.shown()),
    ];
    if let Some(comment) = comment {
        lines.push(Say::key("contacts-letter-comment").text("comment", comment));
    }
    let subject = Say::key("contacts-letter-subject").text("name", name);
    letters::to_curator_and_administrator(work, person, subject, lines, &format!("contact_request:{contact}")).await
}
