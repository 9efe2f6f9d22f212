//! The frame of a citizen's card: whose it is, how the bot stands, and the five tabs (PT-092). Every tab's page shows it.

use chrono::NaiveDate;
use chrono_tz::Tz;
use opora_core::{
    Work, audit,
    foundation::{errors::Failure, ids::PersonId},
    patronage::{
        activation::{self, Activation},
        citizens::{self, CitizenCard},
    },
    people::contact,
    schedule::local_time::local_now,
};

use crate::{paths, visit::Lang};

/// A tab of the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    /// «Данные пользователя».
    Data,
    /// «Программа поддержки».
    Programme,
    /// «Файлы пользователя».
    Files,
    /// «История взаимодействия».
    History,
    /// «Отклонения».
    Deviations,
}

/// The frame of one card's page.
pub struct Card {
    /// Whose card.
    pub person: PersonId,
    /// «Петрова Мария Ивановна».
    pub full_name: String,
    /// «Петрова М. И.».
    pub short_name: String,
    /// «ПМ».
    pub initials: String,
    /// Age, phone, district, curator: what is known, in this order.
    pub facts: Vec<String>,
    /// «Особые группы» (PT-247).
    pub groups: Vec<String>,
    /// How the bot stands.
    pub bot: BotPill,
    /// The five tabs.
    pub tabs: Vec<TabLink>,
    /// Whether the tabs beside the data may be worked with (PT-089).
    pub is_open: bool,
    /// «Доступно после активации бота», for a tab that is not open.
    pub closed: String,
    /// The zone in which the citizen's reminders are read.
    pub zone: Tz,
    /// How the bot stands, whole.
    pub activation: Activation,
    /// What is stored of the citizen.
    pub citizen: CitizenCard,
}

/// How the bot stands, as a pill.
pub struct BotPill {
    /// Tone of the pill.
    pub tone: &'static str,
    /// Sign before the words.
    pub sign: &'static str,
    /// The words; empty when the installation works without bots.
    pub label: String,
}

/// One tab.
pub struct TabLink {
    /// Where it leads.
    pub path: String,
    /// Its words.
    pub label: String,
    /// Whether this is the page shown.
    pub is_current: bool,
    /// Whether it may be worked with.
    pub is_open: bool,
}

impl Tab {
    /// All tabs in their order.
    pub const ALL: [Self; 5] = [Self::Data, Self::Programme, Self::Files, Self::History, Self::Deviations];

    fn label_key(self) -> &'static str {
        match self {
            Self::Data => "label-tab-data",
            Self::Programme => "label-tab-programme",
            Self::Files => "label-tab-files",
            Self::History => "label-tab-history",
            Self::Deviations => "label-tab-deviations",
        }
    }

    fn path(self, person: PersonId) -> String {
        match self {
            Self::Data => paths::citizen(person),
            Self::Programme => paths::programme(person),
            Self::Files => paths::files(person),
            Self::History => paths::history(person),
            Self::Deviations => paths::deviations(person),
        }
    }
}

impl Card {
    /// The frame of `person`'s card with `tab` shown; foreign and unknown ones are not found (PT-281).
    pub async fn of(work: &mut Work, l: &Lang, person: PersonId, tab: Tab) -> Result<Self, Failure> {
        let card = citizens::card(work, person).await?;
        audit::note_look(work, "citizen", person.0).await?;
        let activation = activation::state_of(work, person).await?;
        let is_open = activation.opens_tabs();
        let today = local_now(work.now, card.zone).date();
        let has_deviations = work.app.config.sections.deviations;
        let link = |it: Tab| TabLink {
            path: it.path(person),
            label: l.t(it.label_key()).to_string(),
            is_current: it == tab,
            is_open: is_open || it == Tab::Data,
        };
        Ok(Self {
            person,
            full_name: card.name.full(),
            short_name: card.name.short(),
            initials: card.name.initials(),
            facts: facts(&card, today, l),
            groups: groups(work, &card),
            bot: BotPill::of(&activation, l),
            tabs: Tab::ALL.into_iter().filter(|it| has_deviations || *it != Tab::Deviations).map(link).collect(),
            is_open,
            closed: l.t("card-closed").to_string(),
            zone: card.zone,
            activation,
            citizen: card,
        })
    }
}

/// The names of the special groups, unless the section is off.
fn groups(work: &Work, card: &CitizenCard) -> Vec<String> {
    let is_on = work.app.config.sections.special_groups;
    card.groups.iter().filter(|_| is_on).map(|group| group.label.clone()).collect()
}

fn facts(card: &CitizenCard, today: NaiveDate, l: &Lang) -> Vec<String> {
    let age = card.birth_date.and_then(|born| today.years_since(born));
    let district = card.district.as_ref().map(|(_, name)| name.clone());
    let curator = card.curator.as_ref().map(|(_, name)| l.t("card-curator").s("name", name.short()).to_string());
    let phone = (!card.phone.is_empty()).then(|| contact::shown(&card.phone));
    [age.map(|age| l.t("card-age").n("years", age).to_string()), phone, district, curator]
        .into_iter()
        .flatten()
        .collect()
}

impl BotPill {
    fn of(activation: &Activation, l: &Lang) -> Self {
        let (tone, sign, key) = match activation {
            Activation::NotNeeded => return Self { tone: "", sign: "", label: String::new() },
            Activation::Waiting { .. } | Activation::Expired { .. } | Activation::Missing => {
                ("waiting", "…", "card-bot-waiting")
            }
            Activation::Connected { blocked: true, .. } => ("missed", "!", "card-bot-blocked"),
            Activation::Connected { .. } => ("done", "✓", "card-bot-linked"),
        };
        Self { tone, sign, label: l.t(key).to_string() }
    }
}
