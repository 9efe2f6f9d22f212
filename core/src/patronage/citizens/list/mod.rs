//! The list of citizens: search, filters and pages (PT-256…PT-262).

pub(in crate::patronage) mod store;

pub(in crate::patronage) use store::{Search, Trigrams, look_for};

use crate::{
    Work,
    foundation::{
        errors::Failure,
        ids::{DistrictId, GroupId, PersonId},
        page::{Cursor, PAGE_ROWS, Page},
    },
    patronage::citizens::Activity,
    people::{
        access::{Action, Sight},
        name::{FullName, search_key},
    },
};

/// More words than any name has.
const WORDS_LIMIT: usize = 8;
/// Longest text searched for, characters.
const SEARCH_LIMIT: usize = 200;

/// In which order the list stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Order {
    /// As the cards were made, new ones at the end (PT-075).
    #[default]
    Created,
    /// By «ФИО», from the beginning of the alphabet; «ё» beside «е», whatever the case.
    Name,
    /// By «ФИО», from its end.
    NameFalling,
}

/// What the list is narrowed to; empty texts and `None` narrow nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CitizenFilter {
    /// Parts of the name in any order (PT-257).
    pub name: String,
    /// A part of «Описание ситуации» (PT-258).
    pub situation: String,
    /// «Район» (PT-259).
    pub district: Option<DistrictId>,
    /// «Соц. куратор» (PT-260).
    pub curator: Option<PersonId>,
    /// «Особая группа» (PT-247).
    pub group: Option<GroupId>,
    /// In which order those stand that are left.
    pub order: Order,
}

impl CitizenFilter {
    /// Whether it narrows anything.
    pub fn is_empty(&self) -> bool {
        Self { order: Order::default(), ..self.clone() } == Self::default()
    }
}

/// The bot as the list shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BotState {
    /// Not connected yet.
    NotLinked,
    /// Messages can be sent.
    Linked,
    /// Stopped by the citizen.
    Blocked,
}

/// One line of the list (PT-256).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CitizenRow {
    /// The citizen.
    pub id: PersonId,
    /// «ФИО».
    pub name: FullName,
    /// As stored (E.164).
    pub phone: String,
    /// «Район».
    pub district: Option<String>,
    /// «Соц. куратор».
    pub curator: Option<FullName>,
    /// The bot's state.
    pub bot: BotState,
    /// «Статус активности».
    pub activity: Activity,
}

/// The list in the order asked for. A curator who sees only his own citizens gets only those, whatever the filter
/// says (PT-281).
pub async fn list(
    work: &mut Work,
    filter: &CitizenFilter,
    cursor: Option<Cursor>,
) -> Result<Page<CitizenRow>, Failure> {
    let sight = work.must(Action::ViewCitizens)?;
    let Some(search) = search(work, sight, filter) else {
        return Ok(Page { items: Vec::new(), before: None, after: None });
    };
    let app = work.app.clone();
    let found = store::page(&mut work.tx, &search, filter.order, cursor.as_ref(), PAGE_ROWS + 1).await?;
    let page = Page::of(found, PAGE_ROWS, cursor.as_ref(), |line| line.seq);
    let rows = page.items.into_iter().map(|line| line.into_row(app.config.time_zone, work.now));
    Ok(Page { items: rows.collect::<Result<_, _>>()?, before: page.before, after: page.after })
}

/// What the filter asks of the database; `None` when nobody in sight can fit.
pub(in crate::patronage) fn search(work: &Work, sight: Sight, filter: &CitizenFilter) -> Option<store::Search> {
    let only = sight.curator();
    if only.is_some() && filter.curator.is_some() && filter.curator != only {
        return None;
    }
    Some(store::Search {
        names: words(&filter.name),
        situations: text(&filter.situation),
        district: filter.district.filter(|_| work.app.config.sections.districts),
        curator: only.or(filter.curator),
        group: filter.group.filter(|_| work.app.config.sections.special_groups),
    })
}

/// The words of a search by name (PT-257).
pub(in crate::patronage) fn words(text: &str) -> Vec<String> {
    shortened(text).split(' ').filter(|word| !word.is_empty()).take(WORDS_LIMIT).map(str::to_owned).collect()
}

fn text(text: &str) -> Vec<String> {
    Some(shortened(text)).filter(|text| !text.is_empty()).into_iter().collect()
}

fn shortened(text: &str) -> String {
    search_key(&text.chars().take(SEARCH_LIMIT).collect::<String>())
}

/// The page of the whole list on which this citizen stands last or, near its beginning, the first page (`None`) (PT-D07).
pub async fn cursor_to(work: &mut Work, id: PersonId) -> Result<Option<Cursor>, Failure> {
    let sight = work.must(Action::ViewCitizens)?;
    super::in_sight(work, sight, id).await?;
    let before = store::nth_before(&mut work.tx, sight.curator(), id, PAGE_ROWS).await?;
    Ok(before.map(Cursor::after))
}
