//! The pages of an import.

use askama::Template;
use axum::{
    extract::Query,
    http::{HeaderName, HeaderValue},
    response::Response,
};
use opora_core::{
    foundation::{ids::ImportId, page::Page},
    patronage::import::{
        self, Counts, Fault, Import, ImportRow, ImportState, Part, RowState, SIZE_LIMIT, Undoing, field_label,
    },
    words::format,
};
use serde::Deserialize;

use crate::{
    errors::PanelError,
    extract::{Administrator, Id},
    page::{Shell, Wrong, render},
    paths,
    visit::Lang,
};

/// Rows that stay are shown up to this number in the question.
const SHOWN: usize = 100;

#[derive(Template)]
#[template(path = "patronage/import/start.html")]
pub(super) struct StartPage {
    shell: Shell,
    pub(super) wrong: Wrong,
    megabytes: u64,
    rows: String,
    earlier: Vec<Earlier>,
}

/// An earlier import.
struct Earlier {
    path: String,
    name: String,
    when: String,
    state: String,
}

impl StartPage {
    pub(super) async fn of(staff: &Administrator, wrong: Wrong) -> Result<Self, PanelError> {
        let l = staff.lang();
        let mut work = staff.look().await?;
        let zone = work.app.config.time_zone;
        let latest = import::latest(&mut work).await?;
        drop(work);
        let earlier = latest.into_iter().map(|import| Earlier {
            path: paths::import(import.id),
            when: format::moment(import.created_at, zone),
            state: l.t(state_key(import.state)).to_string(),
            name: import.file_name,
        });
        let earlier = earlier.collect();
        let rows = format::number(l, 100_000);
        let shell = staff.shell(l.t("import-title")).await?;
        Ok(Self { shell, wrong, megabytes: SIZE_LIMIT / (1024 * 1024), rows, earlier })
    }
}

fn state_key(state: ImportState) -> &'static str {
    match state {
        ImportState::Checking => "import-state-checking",
        ImportState::Ready => "import-state-ready",
        ImportState::Running => "import-state-running",
        ImportState::Done => "import-state-done",
        ImportState::Undoing => "import-state-undoing",
        ImportState::Undone => "import-state-undone",
        ImportState::Forgotten => "import-state-forgotten",
    }
}

pub(super) async fn start(staff: Administrator) -> Result<Response, PanelError> {
    let wrong = Wrong::nothing(staff.lang());
    render(&StartPage::of(&staff, wrong).await?)
}

/// A figure with its words.
struct Figure {
    label: String,
    count: i64,
}

/// A part of the rows, as a tab.
struct Tab {
    path: String,
    label: &'static str,
    count: i64,
    is_current: bool,
}

/// A row of the table.
struct Row {
    number: i64,
    name: String,
    /// The card, if there is one.
    path: Option<String>,
    /// «Строка 17, ИНН: …».
    faults: Vec<String>,
}

#[derive(Template)]
#[template(path = "patronage/import/import.html")]
struct ImportPage {
    shell: Shell,
    import: Import,
    state: String,
    figures: Vec<Figure>,
    progress: Option<String>,
    tabs: Vec<Tab>,
    page: Page<Row>,
    more: String,
    is_ready: bool,
    can_start: bool,
    can_undo: bool,
    has_faults: bool,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Asked {
    part: String,
    cursor: String,
}

pub(super) async fn show(
    staff: Administrator,
    Id(id): Id<ImportId>,
    Query(asked): Query<Asked>,
) -> Result<Response, PanelError> {
    let l = staff.lang();
    let mut work = staff.look().await?;
    let (import, counts) = import::get(&mut work, id).await?;
    let (name, part) = chosen(&asked.part, &counts);
    let page = import::rows(&mut work, id, part, asked.cursor.parse().ok()).await?;
    drop(work);
    let is_working = import.is_working();
    let (is_ready, can_undo) = (import.state == ImportState::Ready, import.state == ImportState::Done);
    let path = paths::import(id);
    let page = ImportPage {
        state: l.t(state_key(import.state)).to_string(),
        figures: figures(l, &counts),
        progress: is_working.then(|| progress(l, &import, &counts)),
        tabs: tabs(&path, name, &counts),
        page: page.map(|row| shown(l, row)),
        more: format!("{path}?part={name}&"),
        is_ready,
        can_start: is_ready && counts.of(RowState::New) + counts.of(RowState::Known) > 0,
        can_undo,
        has_faults: counts.of(RowState::Faulty) > 0,
        shell: staff.shell(l.t("import-title")).await?,
        import,
    };
    let mut answer = render(&page)?;
    if is_working {
        // Renews the page without a script.
        answer.headers_mut().insert(HeaderName::from_static("refresh"), HeaderValue::from_static("2"));
    }
    Ok(answer)
}

const PARTS: [(&str, Part, &str, [RowState; 2]); 4] = [
    ("faulty", Part::Faulty, "import-part-faulty", [RowState::Faulty, RowState::Refused]),
    ("known", Part::Known, "import-part-known", [RowState::Known, RowState::Filled]),
    ("new", Part::New, "import-part-new", [RowState::New, RowState::Created]),
    ("kept", Part::Kept, "import-part-kept", [RowState::Kept, RowState::Kept]),
];

fn count(counts: &Counts, states: [RowState; 2]) -> i64 {
    let [one, other] = states;
    counts.of(one) + if one == other { 0 } else { counts.of(other) }
}

/// The part asked for, else the first one with rows: faults come first.
fn chosen(asked: &str, counts: &Counts) -> (&'static str, Part) {
    let by_name = PARTS.iter().find(|(name, ..)| *name == asked);
    let filled = || PARTS.iter().find(|(_, _, _, states)| count(counts, *states) > 0);
    by_name.or_else(filled).map_or(("new", Part::New), |(name, part, ..)| (*name, *part))
}

fn tabs(path: &str, current: &str, counts: &Counts) -> Vec<Tab> {
    let tab = |(name, _, label, states): &(&'static str, Part, &'static str, [RowState; 2])| Tab {
        path: format!("{path}?part={name}"),
        label,
        count: count(counts, *states),
        is_current: *name == current,
    };
    PARTS.iter().map(tab).filter(|tab| tab.count > 0 || tab.is_current).collect()
}

fn figures(l: &Lang, counts: &Counts) -> Vec<Figure> {
    let all = [
        (RowState::New, "import-count-new"),
        (RowState::Known, "import-count-known"),
        (RowState::Faulty, "import-count-faulty"),
        (RowState::Created, "import-count-created"),
        (RowState::Filled, "import-count-filled"),
        (RowState::Skipped, "import-count-skipped"),
        (RowState::Refused, "import-count-refused"),
        (RowState::Undone, "import-count-undone"),
        (RowState::Kept, "import-count-kept"),
    ];
    let figure =
        |(state, key): (RowState, &'static str)| Figure { label: l.t(key).to_string(), count: counts.of(state) };
    all.into_iter().map(figure).filter(|figure| figure.count > 0).collect()
}

/// How far the worker has come: rows that are not in the state in which it takes them up.
fn progress(l: &Lang, import: &Import, counts: &Counts) -> String {
    let waiting = match import.state {
        ImportState::Checking => counts.of(RowState::Unchecked),
        ImportState::Running => counts.of(RowState::New) + counts.of(RowState::Known),
        _ => counts.of(RowState::Created) + counts.of(RowState::Filled),
    };
    let total = counts.total();
    l.t("import-progress").n("done", total - waiting).n("total", total).to_string()
}

fn shown(l: &Lang, row: ImportRow) -> Row {
    let number = row.number;
    Row {
        number,
        path: row.person.map(paths::citizen),
        faults: row.faults.iter().map(|fault| line(l, number, fault)).collect(),
        name: row.name,
    }
}

/// «Строка 17, ИНН: ИНН указан неверно».
fn line(l: &Lang, number: i64, fault: &Fault) -> String {
    let said = l.say(&fault.say);
    match field_label(&fault.field) {
        Some(key) => {
            let field = l.t(key).to_string();
            l.t("import-line-field").n("row", number).s("field", field).s("fault", said).to_string()
        }
        None => l.t("import-line").n("row", number).s("fault", said).to_string(),
    }
}

#[derive(Template)]
#[template(path = "patronage/import/undo.html")]
struct UndoPage {
    shell: Shell,
    path: String,
    file_name: String,
    figures: Vec<Figure>,
    changed: Vec<Row>,
    is_cut: bool,
    /// How many of them at most.
    shown: usize,
}

/// The question before taking an import back.
pub(super) async fn question(staff: Administrator, Id(id): Id<ImportId>) -> Result<Response, PanelError> {
    let l = staff.lang();
    let mut work = staff.look().await?;
    let Undoing { import, counts, changed } = import::undoing(&mut work, id).await?;
    drop(work);
    let is_cut = changed.len() >= SHOWN;
    let changed = changed.into_iter().map(|row| shown(l, row)).collect();
    let figures = figures(l, &counts);
    let shell = staff.shell(l.t("import-undo-question")).await?;
    render(&UndoPage {
        shell,
        path: paths::import(id),
        file_name: import.file_name,
        figures,
        changed,
        is_cut,
        shown: SHOWN,
    })
}
