//! The tab «Данные пользователя»: read-only until «Изменить» (PT-076…PT-081).

use askama::Template;
use axum::response::Response;
use opora_core::{
    Work,
    foundation::{
        errors::{Failure, Say},
        ids::PersonId,
    },
    patronage::{
        citizens::{self, CitizenCard},
        consent,
    },
    people::{access::Action, accounts},
    words::format,
};

use super::{
    activation::{ActivationBlock, messenger_key},
    fields::{Choices, Typed},
    new::is_similar,
};
use crate::{
    errors::PanelError,
    extract::{CsrfForm, Id, Staff},
    page::{Shell, Wrong, render, render_invalid},
    paths,
    patronage::card::{Card, Tab},
    visit::Lang,
};

#[derive(Template)]
#[template(path = "patronage/citizens/data.html")]
struct DataPage {
    shell: Shell,
    card: Card,
    wrong: Wrong,
    values: Typed,
    options: Choices,
    activation: ActivationBlock,
    is_editing: bool,
    is_similar: bool,
    is_stale: bool,
    rights: Rights,
    /// «Согласие на обработку данных: …»; empty when none was given.
    consent: String,
    /// «Карточка создана …, кем».
    made: String,
}

/// What else this reader may do with the card.
struct Rights {
    /// «Данные о человеке» is open.
    may_export: bool,
    may_delete: bool,
}

/// What the page shows beside the stored card.
struct Shown {
    typed: Option<Typed>,
    is_editing: bool,
    is_similar: bool,
    is_stale: bool,
    wrong: Wrong,
}

impl Shown {
    fn stored(staff: &Staff, is_editing: bool) -> Self {
        Self { typed: None, is_editing, is_similar: false, is_stale: false, wrong: Wrong::nothing(staff.lang()) }
    }
}

impl DataPage {
    async fn of(staff: &Staff, id: PersonId, shown: Shown) -> Result<Self, PanelError> {
        let l = staff.lang();
        let mut work = staff.look().await?;
        let card = Card::of(&mut work, l, id, Tab::Data).await?;
        let stored = &card.citizen;
        let values = shown.typed.unwrap_or_else(|| stored_fields(stored));
        let options = match shown.is_editing {
            true => Choices::of(&mut work, staff, &values, Some(stored)).await?,
            false => Choices::closed(&mut work, staff, &values, stored).await?,
        };
        let activation = ActivationBlock::of(&mut work, l, &card).await?;
        let consent = consent_of(&mut work, l, &card).await?;
        let author = accounts::name_of_author(&mut work.tx, stored.created_by).await?.said(l);
        let may_delete = work.must(Action::DeleteCitizens).is_ok();
        drop(work);
        let made = l
            .t("citizens-made")
            .s("moment", format::moment(stored.created_at, stored.zone))
            .s("author", author)
            .to_string();
        let Shown { is_editing, is_similar, is_stale, wrong, .. } = shown;
        let rights = Rights { may_export: staff.visit.is_administrator(), may_delete };
        let shell = staff.shell(&card.short_name).await?;
        Ok(Self {
            shell,
            card,
            wrong,
            values,
            options,
            activation,
            is_editing,
            is_similar,
            is_stale,
            rights,
            consent,
            made,
        })
    }
}

/// What was agreed to, when and where.
async fn consent_of(work: &mut Work, l: &Lang, card: &Card) -> Result<String, Failure> {
    let Some(given) = consent::latest(work, card.person).await? else { return Ok(String::new()) };
    let is_present = given.version == consent::version(&consent::text(&work.app));
    let key = if is_present { "consent-given" } else { "consent-older" };
    let messenger = l.t(messenger_key(given.messenger)).to_string();
    let moment = format::moment(given.given_at, card.zone);
    Ok(l.t(key).s("moment", moment).s("messenger", messenger).s("version", given.version).to_string())
}

/// The form filled from the stored card.
fn stored_fields(card: &CitizenCard) -> Typed {
    Typed { version: card.version.to_string(), ..Typed::filled(citizens::form_of(card)) }
}

pub async fn show(staff: Staff, Id(id): Id<PersonId>) -> Result<Response, PanelError> {
    render(&DataPage::of(&staff, id, Shown::stored(&staff, false)).await?)
}

pub async fn edit(staff: Staff, Id(id): Id<PersonId>) -> Result<Response, PanelError> {
    render(&DataPage::of(&staff, id, Shown::stored(&staff, true)).await?)
}

pub async fn change(
    staff: Staff,
    Id(id): Id<PersonId>,
    CsrfForm(typed): CsrfForm<Typed>,
) -> Result<Response, PanelError> {
    match try_change(&staff, id, &typed).await {
        Ok(()) => staff.done(&paths::citizen(id), Say::key("panel-saved")).await,
        Err(failure) => {
            let (is_similar, is_stale) = (is_similar(&failure), matches!(failure, Failure::Stale));
            let wrong = staff.wrong(failure)?;
            let shown = Shown { typed: Some(typed), is_editing: true, is_similar, is_stale, wrong };
            let page = DataPage::of(&staff, id, shown).await?;
            render_invalid(&page.wrong, &page)
        }
    }
}

async fn try_change(staff: &Staff, id: PersonId, typed: &Typed) -> Result<(), Failure> {
    let version = typed.version.parse().map_err(|_| Failure::Stale)?;
    let mut work = staff.begin().await?;
    citizens::change(&mut work, id, version, &typed.form(), !typed.confirmed.is_empty()).await?;
    Ok(work.commit().await?)
}
