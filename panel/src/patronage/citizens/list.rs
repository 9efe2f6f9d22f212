//! The list with its search (PT-256…PT-262).

use std::collections::BTreeSet;

use askama::Template;
use axum::{
    extract::RawQuery,
    response::{Redirect, Response},
};
use opora_core::{
    Work,
    foundation::{
        errors::Failure,
        ids::{DistrictId, GroupId, PersonId},
        page::{Choice, Page},
    },
    patronage::{
        citizens::{self, Activity, BotState, CitizenFilter, CitizenRow, Order, selection},
        curators, districts, groups,
    },
    people::{
        access::{Action, Scope, Sight, scope},
        contact,
    },
    words::format,
};
use serde::{Deserialize, Serialize};

use crate::{
    errors::PanelError,
    extract::{Id, Paging, Staff},
    options::Options,
    page::{Shell, render},
    paths,
    visit::Lang,
};

/// The search as typed.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Search {
    name: String,
    situation: String,
    district: String,
    curator: String,
    group: String,
    /// `name`, `-name`; anything else is the order of creation.
    #[serde(skip_serializing_if = "String::is_empty")]
    sort: String,
    /// The card just made, to be marked (PT-D07).
    #[serde(skip_serializing)]
    new: String,
}

impl Search {
    pub(super) fn filter(&self) -> CitizenFilter {
        CitizenFilter {
            name: self.name.clone(),
            situation: self.situation.clone(),
            district: self.district.parse().ok(),
            curator: self.curator.parse().ok(),
            group: self.group.parse().ok(),
            order: match self.sort.as_str() {
                "name" => Order::Name,
                "-name" => Order::NameFalling,
                _ => Order::Created,
            },
        }
    }

    fn is_empty(&self) -> bool {
        self.filter().is_empty()
    }

    /// How the column «ФИО» is sorted, as `aria-sort` says it.
    fn name_sort(&self) -> &'static str {
        match self.filter().order {
            Order::Created => "none",
            Order::Name => "ascending",
            Order::NameFalling => "descending",
        }
    }

    /// Address of the same list in the order that a press on «ФИО» gives.
    fn by_name(&self) -> String {
        let sort = if self.filter().order == Order::Name { "-name" } else { "name" };
        Self { sort: sort.to_owned(), ..self.clone() }.address("")
    }

    /// Whether it is narrowed by more than the name.
    fn has_more(&self) -> bool {
        !CitizenFilter { name: String::new(), ..self.filter() }.is_empty() || !self.sort.is_empty()
    }

    /// Address of the list so narrowed, at this place.
    pub(super) fn address(&self, cursor: &str) -> String {
        let query = serde_html_form::to_string(self).unwrap_or_default();
        let cursor = if cursor.is_empty() { String::new() } else { format!("&cursor={cursor}") };
        format!("{}?{query}{cursor}", paths::CITIZENS)
    }
}

/// What the administrator may do with rows (PT-264, PT-265).
struct Ticks {
    /// Ticked rows of this page.
    here: BTreeSet<PersonId>,
    /// Ticked rows in all.
    number: i64,
    /// The place of this page.
    cursor: String,
}

impl Ticks {
    async fn of(work: &mut Work, staff: &Staff, page: &Page<CitizenRow>, cursor: String) -> Result<Self, Failure> {
        let number = selection::ticked(work, staff.session.id).await?;
        let shown: Vec<PersonId> = page.items.iter().map(|row| row.id).collect();
        let here = match number {
            0 => BTreeSet::new(),
            _ => selection::ticked_among(work, staff.session.id, &shown).await?,
        };
        Ok(Self { here, number, cursor })
    }

    fn has(&self, id: &PersonId) -> bool {
        self.here.contains(id)
    }
}

/// One line, in the reader's words.
struct Line {
    id: PersonId,
    name: String,
    phone: String,
    district: String,
    curator: String,
    bot_tone: &'static str,
    bot: String,
    inactive: String,
    is_new: bool,
}

#[derive(Template)]
#[template(path = "patronage/citizens/list.html")]
struct ListPage {
    shell: Shell,
    page: Page<Line>,
    search: Search,
    curators: Option<Options>,
    districts: Option<Vec<Choice<DistrictId>>>,
    groups: Option<Vec<Choice<GroupId>>>,
    orders: Vec<Choice<&'static str>>,
    has_bots: bool,
    /// This list's address, ready for `cursor=`.
    more: String,
    /// `None` for who may not work on rows.
    ticks: Option<Ticks>,
}

pub async fn list(staff: Staff, Paging(cursor): Paging, RawQuery(query): RawQuery) -> Result<Response, PanelError> {
    let search: Search = serde_html_form::from_str(&query.unwrap_or_default()).unwrap_or_default();
    let mut work = staff.look().await?;
    let here = cursor.as_ref().map(ToString::to_string).unwrap_or_default();
    let page = citizens::list(&mut work, &search.filter(), cursor).await?;
    let may_tick = work.must(Action::TransferCitizens).is_ok();
    let ticks = if may_tick { Some(Ticks::of(&mut work, &staff, &page, here).await?) } else { None };
    let (curators, districts, groups) = choices(&mut work, &staff).await?;
    let curators = curators.map(|curators| staff.curator_options(&curators, &search.curator)).transpose()?;
    let has_bots = work.app.config.telegram_is_on() || work.app.config.web_chat_is_on();
    drop(work);
    let page = page.map(|row| line(row, staff.lang(), &search.new));
    let more = format!("{}&", search.address(""));
    let shell = staff.shell(staff.lang().t("label-menu-citizens")).await?;
    let orders = orders(staff.lang());
    render(&ListPage { shell, page, search, curators, districts, groups, orders, has_bots, more, ticks })
}

/// Leads to the page of the list that holds this citizen, and marks it there (PT-D07).
pub async fn place(staff: Staff, Id(id): Id<PersonId>) -> Result<Redirect, PanelError> {
    let mut work = staff.look().await?;
    let cursor = citizens::cursor_to(&mut work, id).await?;
    let cursor = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
    Ok(Redirect::to(&format!("{}?new={id}{cursor}#new", paths::CITIZENS)))
}

type Filters = (Option<curators::Offered>, Option<Vec<Choice<DistrictId>>>, Option<Vec<Choice<GroupId>>>);

/// What the list can be narrowed to. A curator who sees only his own is not asked for a curator (PT-D05).
async fn choices(work: &mut Work, staff: &Staff) -> Result<Filters, Failure> {
    let sections = work.app.config.sections;
    let sees_all = work.must(Action::ViewCitizens)? == Sight::All;
    let may_list = scope(staff.actor().role(), Action::ManageCurators) == Scope::All || sees_all;
    let curators = if may_list { Some(curators::choices(work).await?) } else { None };
    let districts = if sections.districts { Some(districts::choices(work).await?) } else { None };
    let groups = if sections.special_groups { Some(groups::choices(work).await?) } else { None };
    Ok((curators, districts, groups.filter(|groups| !groups.is_empty())))
}

fn orders(l: &Lang) -> Vec<Choice<&'static str>> {
    let order = |id, label| Choice { id, label: l.t(label).to_string() };
    vec![order("name", "citizens-order-name"), order("-name", "citizens-order-name-falling")]
}

fn line(row: CitizenRow, l: &Lang, new: &str) -> Line {
    let (bot_tone, bot) = match row.bot {
        BotState::NotLinked => ("", "citizens-bot-not-linked"),
        BotState::Linked => ("done", "citizens-bot-linked"),
        BotState::Blocked => ("missed", "citizens-bot-blocked"),
    };
    let inactive = match row.activity {
        Activity::Active => String::new(),
        Activity::Inactive => l.t("citizens-inactive-pill").to_string(),
        Activity::InactiveUntil(date) => l.t("citizens-inactive-until-pill").s("date", format::date(date)).to_string(),
    };
    Line {
        id: row.id,
        name: row.name.full(),
        phone: contact::shown(&row.phone),
        district: row.district.unwrap_or_default(),
        curator: row.curator.map(|name| name.short()).unwrap_or_default(),
        bot_tone,
        bot: l.t(bot).to_string(),
        inactive,
        is_new: row.id.to_string() == new,
    }
}
