use std::sync::Arc;

use opora_core::{foundation::config::Config, words::Words};

use super::{Column, Part, Plot, Scale, rounded_up};
use crate::visit::Lang;

fn plot(scale: Scale) -> String {
    let l = Lang::new(Arc::new(Words::load(&Config::default()).expect("the words are there")), "ru");
    let part = |tone, label: &str| Part { tone, label: label.to_owned() };
    let column = |label: &str, values: &[i64]| Column { label: label.to_owned(), values: values.to_vec() };
    let parts = vec![part("done", "Выполнено"), part("missed", "Пропущено <5>")];
    let columns = vec![column("02.03", &[3, 1]), column("09.03", &[0, 0]), column("16.03", &[0, 2])];
    Plot::columns(&l, "week", ("Ответы".to_owned(), "Доля".to_owned()), scale, parts, columns).to_string()
}

#[test]
fn a_plot_of_shares_names_every_part_and_has_its_numbers_behind_it() {
    insta::assert_snapshot!(plot(Scale::Shares));
}

#[test]
fn columns_of_numbers_are_as_high_as_they_are_large() {
    let plot = plot(Scale::Numbers);
    // Four of four fill the height of 194, two of four half of it.
    for bar in [r#"height="145""#, r#"height="49""#, r#"height="97""#] {
        assert!(plot.contains(bar), "{bar} in {plot}");
    }
}

#[test]
fn scales_end_on_round_numbers() {
    for (highest, top) in [(0, 4), (4, 4), (5, 8), (39, 40), (41, 80), (401, 800), (4001, 8000)] {
        assert_eq!(rounded_up(highest), top, "{highest}");
    }
}
