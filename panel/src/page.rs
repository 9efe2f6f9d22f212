//! The frame of every page: menu, who works, flash, token, language and theme; and how pages become answers.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use opora_core::{
    foundation::errors::{Complaints, Failure},
    patronage::today::{self, Counts},
    people::{
        accounts,
        sessions::{self, Flash, Tone},
    },
};

use crate::{
    assets,
    errors::PanelError,
    paths,
    visit::{Lang, Theme, Visit},
};

/// The frame of a page. A template finds texts through `shell.l`.
pub struct Shell {
    /// The reader's texts.
    pub l: Lang,
    /// Title of the page.
    pub title: String,
    /// Full name of the product (PT-001).
    pub product: String,
    /// Working name of the product.
    pub product_short: String,
    /// The menu of the role; empty for who is not signed in.
    pub menu: Vec<MenuItem>,
    /// Who works.
    pub staff: Option<Who>,
    /// What has just happened.
    pub toast: Option<Toast>,
    /// The anti-forgery token, for the field `csrf` of every form.
    pub csrf: String,
    /// The chosen theme.
    pub theme: Theme,
    /// Path and query of this page.
    pub target: String,
    /// Address of the stylesheet.
    pub styles: &'static str,
    /// Address of the script.
    pub script: &'static str,
    /// Address of the tab's sign.
    pub sign: &'static str,
}

/// Who works: for the foot of the menu.
pub struct Who {
    /// The name in stamps: «Иванова А. П.», «администратор».
    pub name: String,
    /// «ИА».
    pub initials: String,
}

/// One item of the menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MenuItem {
    /// Key of the label.
    pub label: &'static str,
    /// Key of a word for the bar at the bottom of phones, where the label is too long for it.
    pub short: Option<&'static str>,
    /// Where it leads.
    pub path: &'static str,
    /// Name of the icon.
    pub icon: &'static str,
    /// Whether the page stands in this section.
    pub is_current: bool,
    /// Begins a second group.
    pub is_apart: bool,
    /// Left out of the bar at the bottom of phones; the account's page has it there.
    pub is_aside: bool,
    /// How much waits there.
    pub count: i64,
    /// Whether something there cannot wait.
    pub is_urgent: bool,
}

impl MenuItem {
    /// «7», «99+»; empty when nothing waits.
    pub fn shown_count(&self) -> String {
        match self.count {
            ..=0 => String::new(),
            few if few < today::AT_MOST => few.to_string(),
            _ => format!("{}+", today::AT_MOST - 1),
        }
    }
}

/// A word about what has just happened.
pub struct Toast {
    /// `success`, `warning` or `error`.
    pub tone: &'static str,
    /// The sentence.
    pub text: String,
}

impl Toast {
    /// The message in the reader's words.
    pub fn of(l: &Lang, flash: &Flash) -> Self {
        Self { tone: tone_name(flash.tone), text: l.say(&flash.say) }
    }
}

impl Shell {
    /// The frame for this visit; takes the flash.
    pub async fn of(visit: &Visit, title: impl ToString) -> Result<Self, PanelError> {
        let mut shell = Self::bare(visit, title);
        let Some(session) = &visit.session else { return Ok(shell) };
        let app = &visit.panel.app;
        let mut work = app.glance(session.actor.clone()).await?;
        let name = accounts::name_of(&mut work, &session.actor).await?.said(&visit.lang);
        shell.staff = Some(Who { initials: initials(&name), name });
        if !session.must_change_password && !session.must_enrol {
            let counts = today::counts(&mut work).await?;
            shell.menu = menu(visit, &counts);
        }
        drop(work);
        shell.toast = sessions::take_flash(app, session).await?.map(|flash| Toast::of(&visit.lang, &flash));
        Ok(shell)
    }

    /// The frame without menu and name: for strangers, and when the database does not answer.
    pub fn bare(visit: &Visit, title: impl ToString) -> Self {
        Self {
            l: visit.lang.clone(),
            title: title.to_string(),
            product: visit.lang.t("product-name").to_string(),
            product_short: visit.lang.t("product-short-name").to_string(),
            menu: Vec::new(),
            staff: None,
            toast: None,
            csrf: visit.csrf.reveal().to_owned(),
            theme: visit.theme,
            target: visit.target.clone(),
            styles: &assets::STYLES.path,
            script: &assets::SCRIPT.path,
            sign: &assets::SIGN.path,
        }
    }

    /// The first letter of the product, for its sign.
    pub fn product_letter(&self) -> String {
        self.product_short.chars().next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default()
    }

    /// The language one may switch to.
    pub fn other_language(&self) -> &'static str {
        if self.l.locale() == "ru" { "en" } else { "ru" }
    }
}

/// What the bar at the bottom of phones has no room for.
const ASIDE: [&str; 10] = [
    paths::CURATORS,
    paths::SUMMARY,
    paths::DISTRICTS,
    paths::FILE_TYPES,
    paths::GROUPS,
    paths::SETTINGS,
    paths::DELIVERY,
    paths::JOURNAL,
    paths::GUIDE,
    paths::SIGN_OUT,
];

/// The menu by role (PT-021). Sections of later releases are left out rather than dead.
fn menu(visit: &Visit, counts: &Counts) -> Vec<MenuItem> {
    let item = |label, path: &'static str, icon, is_apart| {
        let here = visit.path();
        let is_current = here == path || here.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'));
        let is_aside = ASIDE.contains(&path);
        let (count, is_urgent) = waiting(path, counts);
        MenuItem { label, short: short(path), path, icon, is_current, is_apart, is_aside, count, is_urgent }
    };
    let mut items = vec![
        item("label-menu-today", paths::TODAY, "home", false),
        item("label-menu-citizens", paths::CITIZENS, "people", false),
    ];
    if visit.is_administrator() {
        items.push(item("label-menu-curators", paths::CURATORS, "curator", false));
    }
    items.push(item("label-menu-activity", paths::ACTIVITY, "activity", false));
    let sections = visit.panel.app.config.sections;
    let optional = [
        (true, item("label-menu-meetings", paths::MEETINGS, "calendar", false)),
        (sections.deviations, item("label-menu-deviations", paths::ALL_DEVIATIONS, "alert", false)),
        (sections.districts, item("label-menu-districts", paths::DISTRICTS, "place", false)),
        (sections.file_types, item("label-menu-file-types", paths::FILE_TYPES, "file", false)),
        (sections.special_groups, item("label-menu-special-groups", paths::GROUPS, "tag", false)),
    ];
    items.extend(optional.into_iter().filter(|(is_on, _)| *is_on).map(|(_, item)| item));
    items.push(item("label-menu-summary", paths::SUMMARY, "chart", false));
    if visit.is_administrator() {
        items.push(item("label-menu-settings", paths::SETTINGS, "settings", true));
        items.push(item("label-menu-delivery", paths::DELIVERY, "send", false));
        items.push(item("label-menu-journal", paths::JOURNAL, "clock", false));
    }
    items.push(item("label-menu-guide", paths::GUIDE, "guide", !visit.is_administrator()));
    items.push(item("label-menu-sign-out", paths::SIGN_OUT, "sign-out", false));
    items
}

/// A word short enough for a sixth of a phone's width.
fn short(path: &str) -> Option<&'static str> {
    match path {
        paths::CITIZENS => Some("panel-menu-short-citizens"),
        paths::MEETINGS => Some("panel-menu-short-meetings"),
        _ => None,
    }
}

/// How much waits in a section, and whether something there cannot wait.
fn waiting(path: &str, counts: &Counts) -> (i64, bool) {
    match path {
        paths::TODAY => (counts.waiting(), counts.overdue > 0),
        paths::ACTIVITY => (counts.activity(), false),
        paths::MEETINGS => (counts.meetings, false),
        paths::ALL_DEVIATIONS => (counts.deviations, true),
        _ => (0, false),
    }
}

fn tone_name(tone: Tone) -> &'static str {
    match tone {
        Tone::Success => "success",
        Tone::Warning => "warning",
        Tone::Error => "error",
    }
}

/// The first letters of the first two words.
fn initials(name: &str) -> String {
    name.split_whitespace().take(2).filter_map(|word| word.chars().next()).flat_map(char::to_uppercase).collect()
}

/// What is wrong with a form, in the reader's words. Templates ask `wrong.of("surname")`.
pub struct Wrong {
    status: StatusCode,
    lang: Lang,
    complaints: Complaints,
    /// What is wrong with the whole, above the fields; empty when nothing.
    pub general: String,
}

impl Wrong {
    /// Nothing is wrong.
    pub fn nothing(lang: &Lang) -> Self {
        Self { status: StatusCode::OK, lang: lang.clone(), complaints: Complaints::default(), general: String::new() }
    }

    /// What a use case did not take; failures that no form can mend stay errors.
    pub fn of_failure(lang: &Lang, failure: Failure) -> Result<Self, PanelError> {
        let mut wrong = Self::nothing(lang);
        match failure {
            Failure::Invalid(complaints) => {
                wrong.status = StatusCode::UNPROCESSABLE_ENTITY;
                wrong.complaints = complaints;
            }
            Failure::Refused(say) => {
                wrong.status = StatusCode::CONFLICT;
                wrong.general = lang.say(&say);
            }
            Failure::Stale => {
                wrong.status = StatusCode::CONFLICT;
                wrong.general = lang.t("panel-error-stale-text").to_string();
            }
            other => return Err(other.into()),
        }
        Ok(wrong)
    }

    /// What to say beside `field`; empty when nothing.
    pub fn of(&self, field: &str) -> String {
        self.complaints.about(field).map(|say| self.lang.say(say)).unwrap_or_default()
    }

    /// All complaints about fields: the field's name and the sentence.
    pub fn all(&self) -> Vec<(&'static str, String)> {
        self.complaints.iter().map(|(field, say)| (field, self.lang.say(say))).collect()
    }

    /// Whether anything is wrong.
    pub fn is_any(&self) -> bool {
        self.status != StatusCode::OK
    }
}

/// An answer with this page.
pub fn render(page: &impl Template) -> Result<Response, PanelError> {
    Ok(html(page.render()?).into_response())
}

/// An answer with a form that was not taken: 422, or 409 when the state of things forbids it.
pub fn render_invalid(wrong: &Wrong, page: &impl Template) -> Result<Response, PanelError> {
    Ok((wrong.status, html(page.render()?)).into_response())
}

pub(crate) fn html(text: String) -> Html<String> {
    Html(text)
}
