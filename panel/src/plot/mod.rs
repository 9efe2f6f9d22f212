//! Plots, drawn on the server as SVG: columns of stacked parts. Nothing is told by colour alone: parts have patterns and a
//! legend, every part names itself, and the numbers stand in a table behind the picture.

#[cfg(test)]
mod tests;

use askama::Template;

use crate::visit::Lang;

/// The drawing: width, height and what lies around the columns, in its own units.
const WIDTH: i64 = 720;
const HEIGHT: i64 = 230;
const LEFT: i64 = 40;
const TOP: i64 = 10;
const BOTTOM: i64 = 26;
/// More columns than this have no room for a name each: then every seventh has one, so that columns that are days begin a week.
const NAMED: usize = 14;
/// Lines behind the columns.
const STEPS: i64 = 4;

/// A kind of part: its look and its name.
#[derive(Debug, Clone)]
pub struct Part {
    /// Name in the style sheet: `done`, `missed`, …
    pub tone: &'static str,
    /// Name in the legend.
    pub label: String,
}

/// A column: what stands below it and the numbers of its parts, in their order.
#[derive(Debug, Clone)]
pub struct Column {
    /// Below it.
    pub label: String,
    /// One number a part.
    pub values: Vec<i64>,
}

/// A plot.
#[derive(Template)]
#[template(path = "plot/columns.html")]
pub struct Plot {
    /// Texts.
    l: Lang,
    /// Tells its ids from those of another plot on the page.
    id: &'static str,
    /// What it is.
    title: String,
    /// What it says, in a sentence.
    text: String,
    parts: Vec<Part>,
    columns: Vec<Column>,
    /// Tone, pattern and name of each kind of part.
    legend: Vec<(&'static str, String, String)>,
    bars: Vec<Bar>,
    lines: Vec<Line>,
    names: Vec<Name>,
}

/// A part of a column.
struct Bar {
    x: i64,
    y: i64,
    width: i64,
    height: i64,
    tone: &'static str,
    /// Its pattern; empty for those that the style sheet fills.
    fill: String,
    label: String,
}

/// A line behind the columns with its number.
struct Line {
    y: i64,
    label: String,
}

/// The words below a column.
struct Name {
    x: i64,
    label: String,
}

/// How high the columns are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// Each column is its own whole: shares in percent.
    Shares,
    /// The highest column fills the picture.
    Numbers,
}

impl Plot {
    /// A plot of these columns; `id` must be its own on the page.
    pub fn columns(
        l: &Lang,
        id: &'static str,
        (title, text): (String, String),
        scale: Scale,
        parts: Vec<Part>,
        columns: Vec<Column>,
    ) -> Self {
        let highest = columns.iter().map(|column| column.values.iter().sum::<i64>()).max().unwrap_or_default();
        let top = match scale {
            Scale::Shares => 100,
            Scale::Numbers => rounded_up(highest),
        };
        let count = i64::try_from(columns.len()).unwrap_or_default().max(1);
        let slot = (WIDTH - LEFT) / count;
        let mut plot = Self {
            l: l.clone(),
            id,
            title,
            text,
            legend: parts.iter().map(|part| (part.tone, fill(id, part.tone), part.label.clone())).collect(),
            parts,
            columns: Vec::new(),
            bars: Vec::new(),
            lines: lines(scale, top),
            names: Vec::new(),
        };
        let step = if columns.len() > NAMED { 7 } else { 1 };
        for (place, column) in (0..).zip(&columns) {
            let x = LEFT + place * slot;
            if place % step == 0 {
                plot.names.push(Name { x: x + slot / 2, label: column.label.clone() });
            }
            plot.add(x, slot, column, if scale == Scale::Shares { column.values.iter().sum() } else { top });
        }
        plot.columns = columns;
        plot
    }

    /// Adds a column from the ground up; `whole` fills the height.
    fn add(&mut self, x: i64, slot: i64, column: &Column, whole: i64) {
        let (width, height) = (slot * 7 / 10, HEIGHT - TOP - BOTTOM);
        let mut below = 0;
        for (part, value) in self.parts.iter().zip(&column.values).filter(|(_, value)| **value > 0) {
            let (from, to) = (below * height / whole, (below + value) * height / whole);
            below += value;
            let label = format!("{}: {} — {value}", column.label, part.label);
            let y = HEIGHT - BOTTOM - to;
            let (x, tone, height) = (x + slot * 3 / 20, part.tone, to - from);
            self.bars.push(Bar { x, y, width, height, tone, fill: fill(self.id, tone), label });
        }
    }
}

/// The pattern of a tone; plain ones have none.
fn fill(id: &str, tone: &str) -> String {
    match tone {
        "done" | "planned" => String::new(),
        _ => format!("url(#{id}-{tone})"),
    }
}

/// The next number whose quarters are whole.
fn rounded_up(number: i64) -> i64 {
    let step = match number {
        ..40 => 4,
        40..400 => 40,
        400..4000 => 400,
        _ => 4000,
    };
    ((number + step - 1) / step).max(1) * step
}

fn lines(scale: Scale, top: i64) -> Vec<Line> {
    let height = HEIGHT - TOP - BOTTOM;
    let sign = if scale == Scale::Shares { "\u{a0}%" } else { "" };
    (0..=STEPS)
        .map(|step| Line { y: HEIGHT - BOTTOM - step * height / STEPS, label: format!("{}{sign}", step * top / STEPS) })
        .collect()
}
